"""A sample operator, the same at every load: three regions, departments, a cast, ten thousand customers."""
