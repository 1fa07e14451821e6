"""Keeping coding assistants out of compiled code: what a call would write, and the answer that each assistant takes."""
