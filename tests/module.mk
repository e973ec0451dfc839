# A unit test is tests/unit/test_NAME.c (.cc for classes of the shim), with Check; it links every object of the programs but
# their main.c. A fuzz target is tests/fuzz/fuzz_NAME.c with one LLVMFuzzerTestOneInput; `make check` replays its saved inputs.
UNIT_SRC   := $(wildcard tests/unit/test_*.c tests/unit/test_*.cc)
UNIT_TESTS := $(addprefix $(B)/,$(addsuffix .t,$(basename $(UNIT_SRC))))
FUZZ_SRC   := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_TESTS := $(patsubst %.c,$(B)/%.replay,$(FUZZ_SRC))
CHECK_LIBS := -lcheck -lsubunit -lm -lrt -lpthread
SOURCE_FILES = $(shell git ls-files '*.c' '*.h' '*.cc' '*.hh')

tests: $(UNIT_TESTS) $(FUZZ_TESTS)
PARTS_OBJ := $(INDEXER_OBJ) $(SEARCHD_OBJ) $(CLIENT_OBJ)
$(B)/libparts.a: $(PARTS_OBJ)
	rm -f $@ && $(AR) qcsP $@ $^
$(B)/tests/unit/%.o $(B)/tests/fuzz/%.o: CPPFLAGS += -I. -Isearchd -Iindexer -Iclient -Ilib/schema -Ilib/shim -Ilib/bulk
$(B)/tests/unit/%.t: $(B)/tests/unit/%.o $(B)/libparts.a $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS) $(CHECK_LIBS)
$(B)/tests/fuzz/%.replay: $(B)/tests/fuzz/%.o $(B)/tests/fuzz/replay.o $(B)/libparts.a $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)

# Another reader of HTTP that fuzz_http holds ours against, where Debian's node-llhttp is installed (make deps-fuzz).
LLHTTP ?= /usr/share/llhttp
ifneq ($(wildcard $(LLHTTP)/llhttp.c),)
LLHTTP_OBJ := $(patsubst %,$(B)/tests/llhttp/%.o,llhttp api http)
$(B)/tests/llhttp/%.o: $(LLHTTP)/%.c
	@mkdir -p $(@D)
	$(CC) -I$(LLHTTP)/../include/llhttp -O2 -w -c -o $@ $<
$(B)/tests/fuzz/fuzz_http.o: CPPFLAGS += -DWEFT_LLHTTP -isystem $(LLHTTP)/../include/llhttp
$(B)/tests/fuzz/fuzz_http.replay $(B)/tests/fuzz/fuzz_http.fuzzer: $(LLHTTP_OBJ)
endif

# The daemon with one more command, `test`, for tests/daemon: it is never installed.
TEST_SEARCHD := $(B)/tests/weft-searchd-test
tests: $(TEST_SEARCHD)
$(B)/tests/daemon/%.o: CPPFLAGS += -Isearchd
$(B)/tests/daemon/commands.o: searchd/commands.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(DEPFLAGS) $(ALL_CFLAGS) -DWEFT_TEST_COMMANDS -c -o $@ $<
$(TEST_SEARCHD): $(B)/searchd/main.o $(B)/tests/daemon/commands.o $(B)/tests/daemon/test_command.o \
		$(filter-out $(B)/searchd/commands.o,$(SEARCHD_OBJ)) $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)

# Spoils a document of an index, for tests/cli/verify.t.
DAMAGE := $(B)/tests/weft-damage
tests: $(DAMAGE)
$(DAMAGE): $(B)/tests/cli/damage.o $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)

# For tests/fault, preloaded into the programs. A sanitizer refuses to start behind it, so those builds have none.
ifeq ($(SAN),)
FAIL_MALLOC := $(B)/tests/fault/fail_malloc.so
tests: $(FAIL_MALLOC)
$(FAIL_MALLOC): tests/fault/fail_malloc.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -fPIC -shared $(LDFLAGS) -o $@ $<
SMALL_DISK := $(B)/tests/fault/small_disk.so
tests: $(SMALL_DISK)
$(SMALL_DISK): tests/fault/small_disk.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -fPIC -shared $(LDFLAGS) -o $@ $<
endif

# `make fuzz` builds the same targets with clang's libFuzzer, in a folder of their own.
FUZZERS := $(patsubst %.c,$(B)/%.fuzzer,$(FUZZ_SRC))
FUZZ_SECONDS ?= 60
$(B)/tests/fuzz/%.fuzzer: $(B)/tests/fuzz/%.o $(B)/libparts.a $(B)/libweft.a
	$(LINK) -fsanitize=fuzzer $^ $(PKG_LIBS)
fuzz-run: $(FUZZERS)
	@for f in $^; do \
		name=$$(basename $$f .fuzzer); echo "$$name: $(FUZZ_SECONDS) s"; \
		mkdir -p $(B)/found/$$name; \
		$$f -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -artifact_prefix=$(B)/found/$$name- \
			$(B)/found/$$name tests/fuzz/$$name.in >$(B)/found/$$name.log 2>&1 || { tail -n 30 $(B)/found/$$name.log; exit 1; }; \
	done; echo "no finding"
