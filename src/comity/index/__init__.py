"""Which records might this check mean? Candidates, never the last word.

    changes -> Delta (memory) -> Segment (files, mapped, never written again) -> Manifest (swapped whole)
    check   -> keys and names -> every segment and the delta, through the audience mask -> record numbers

The index is a function of the registry's numbered changes: dropped and built again it answers the same.
It holds no more than keys, names and audiences; what a record says is the registry's alone.
"""
