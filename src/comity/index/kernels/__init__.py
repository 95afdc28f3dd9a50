"""The compiled code of the index but for names: hashing, tables, look-ups, runs.

Plain functions over arrays, words and addresses; each is called by the module of its name beside this package.
Their signatures stand with them, so that each is compiled for one form of its arguments, once, and kept.
"""
