"""Pages of who is on duty: the week, its plan, rotas, policies, the simulator, one's own shifts."""
