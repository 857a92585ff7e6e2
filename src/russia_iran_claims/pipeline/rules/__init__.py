"""What annotations are held to: one small rule each, and one place that asks them all."""
