"""Words that point at an excluded family of offences, in the four languages: see `offences.flags`."""
