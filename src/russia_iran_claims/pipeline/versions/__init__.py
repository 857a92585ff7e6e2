"""Published versions: what changed, which number comes next, and the check that none was modified."""
