# The same verbs as ./dev, for those who type make. ARGS="…" is handed on: make test ARGS="-k queue"
VERBS := run test check fmt bench openapi lint-openapi clients judge lock cli

.PHONY: $(VERBS) migration
$(VERBS):
	@./dev $@ $(ARGS)

migration:
	@./dev migration $(NAME)
