"""Policy packs: rules for a kind of code, with what a model is told of them and checks that hold a body to them."""
