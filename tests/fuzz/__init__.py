"""Misuse of every place where a user can give something: whatever it is, the answer is a result or one sentence."""
