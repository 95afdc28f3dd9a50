"""Compiled parts of procedures: many lines at a time, over bytes alone."""
