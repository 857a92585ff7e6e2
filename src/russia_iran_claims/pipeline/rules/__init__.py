"""What annotations must satisfy: small rules, and one place that applies them all."""
