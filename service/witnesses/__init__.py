"""Witnesses: who outside this host is told of every signed head, so that no other history can be shown later."""
