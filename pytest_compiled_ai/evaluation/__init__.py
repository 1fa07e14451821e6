"""How much a spec's tests are worth."""
