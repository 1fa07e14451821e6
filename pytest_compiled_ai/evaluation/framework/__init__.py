"""What a compiled project costs and is worth, by the metrics of Compiled AI (arXiv:2604.05150): pure formulas here."""
