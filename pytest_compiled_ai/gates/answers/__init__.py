"""How a body could give the tests their answers without computing them: what is read for the hard-coding gate."""
