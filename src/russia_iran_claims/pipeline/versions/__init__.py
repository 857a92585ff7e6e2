"""Published versions: what changed, which number follows, and the proof that none was modified."""
