"""Tables of facts that records are read by; each says where it comes from and when."""
