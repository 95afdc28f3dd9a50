"""Counts of what was done, kept as they come: rollups that follow the audit log by position.

    audit log from the position on -> added up -> rows grown, position moved: one transaction

A count is in exactly once, whatever is killed when; counting anew from the beginning gives the same.
"""
