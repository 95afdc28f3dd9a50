"""What happens when? One file a procedure, read from top to bottom.

check:  parse -> authorise -> index.candidates -> desk.visible -> score -> log -> Answer
submit: parse -> authorise -> accept (store + log + number, one transaction) -> receipt; then follow
follow: numbered changes -> index
"""
