"""Use cases: what people do, each reached by one function, none of them knowing HTTP."""
