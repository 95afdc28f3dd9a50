"""What bureaus write to each other: messages, the phrases that each side reads in its own language.

    data -> parse_header (what the node must know) + parse_content (what the readers alone need) -> Message

A sealed message has the same two halves; of the second the node holds an envelope that it cannot open.
"""
