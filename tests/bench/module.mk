# `make bench`: the generator of an archive, which the tests use too, and a program for each peer that is installed.
BENCH_GEN     := $(B)/tests/bench/gen
BENCH_GEN_OBJ := $(patsubst %,$(B)/tests/bench/%.o,gen archive draw print queries truth words)
tests: $(BENCH_GEN)
$(BENCH_GEN): $(BENCH_GEN_OBJ) $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS) -lm

# Many clients at a time; over HTTP wrk does the same.
BENCH_DRIVE := $(B)/tests/bench/drive
tests: $(BENCH_DRIVE)
$(BENCH_DRIVE): $(B)/tests/bench/drive.o $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)

PACKAGES_BENCH := wrk libsqlite3-dev default-jdk-headless liblucene8-java
BENCH_FTS5     := $(B)/tests/bench/fts5
BENCH_FTS5_OBJ := $(patsubst %,$(B)/tests/bench/%.o,fts5 fts5_ask)
$(BENCH_FTS5): $(BENCH_FTS5_OBJ) $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS) -lsqlite3

BENCH_LUCENE := $(B)/tests/bench/lucene/Lucene.class
BENCH_JARS    = $(wildcard $(patsubst %,/usr/share/java/lucene-%-[0-9]*.jar,core analyzers-common highlighter memory join))
$(BENCH_LUCENE): tests/bench/Lucene.java
	@mkdir -p $(@D)
	javac -d $(@D) -cp "$$(echo $(BENCH_JARS) | tr ' ' :)" $<

# What is not there is left out of the run, which says so.
BENCH_PEERS = $(if $(wildcard /usr/include/sqlite3.h),$(BENCH_FTS5)) \
	$(if $(and $(BENCH_JARS),$(shell command -v javac)),$(BENCH_LUCENE))
N ?= 200000
bench: all $(BENCH_GEN) $(BENCH_DRIVE) $(BENCH_PEERS) ## weft beside SQLite FTS5 and Lucene on N (200000) made records
	@B=$(B) perl tests/bench/run.pl --records $(N) $(BENCH_ARGS)
bench-deps:               ## install the packages that make bench needs besides (apt)
	@sh tests/setup.sh $(PACKAGES_BUILD) $(PACKAGES_BENCH)
.PHONY: bench bench-deps
