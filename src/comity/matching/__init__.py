"""How sure, and why? Comparisons, weights, scores; pure.

    check + record -> Agreement per field (weight in natural-log units) -> prior + sum -> probability

The model is Fellegi and Sunter's (1969): each field's weight is the logarithm of how much likelier its
agreement is when the two are the same person or thing than when they are not. `profiles` holds the
weights, dated, with the evaluation that set them.
"""
