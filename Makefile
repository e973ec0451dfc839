# weft: one dependency graph, objects and programs under $(B). `make help` lists the targets.
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

B       ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC      := gcc
endif
ifeq ($(origin CXX),default)
CXX     := g++
endif
SAN     ?=

# The one list of Debian packages: to build and run, and to test.
PACKAGES_BUILD := g++ gcc libc6-dev pkg-config libxapian-dev libstemmer-dev libjansson-dev libevent-dev \
	libicu-dev libtalloc-dev uthash-dev libcld2-dev libzstd-dev libxxhash-dev \
	libarchive-dev zlib1g-dev libxml2-dev libyajl-dev libcsv-dev libgmime-3.0-dev libseccomp-dev
PACKAGES_TEST  := perl check clang-format-14 shellcheck mandoc jq strace netcat-openbsd

PACKAGES_FUZZ  := clang libclang-rt-14-dev node-llhttp

PKGS     := xapian-core jansson libevent_core icu-i18n icu-uc talloc libzstd libxxhash \
	libarchive zlib libxml-2.0 yajl gmime-3.0 libseccomp
CPPFLAGS += -Iinclude -Ilib/base -D_GNU_SOURCE
DEPFLAGS  = -MMD -MP
WARN     := -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wundef -Werror
CWARN    := $(WARN) -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings
CFLAGS   ?= -O2 -g
CXXFLAGS ?= -O2 -g
ifeq ($(SAN),)
HARDEN   := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now
endif
ALL_CFLAGS   = -std=c11 $(CWARN) $(HARDEN) $(CFLAGS) $(SAN)
ALL_CXXFLAGS = -std=c++17 $(WARN) $(HARDEN) $(CXXFLAGS) $(SAN)
# A program asks for the libraries it uses, no others: the client starts for every question.
LINK         = $(CXX) $(SAN) $(HARDEN_LD) -Wl,--as-needed $(LDFLAGS) -o $@

# Targets that need no libraries must work before they are installed.
NO_BUILD_GOALS := help clean deps-build deps-test deps-fuzz bench-deps
ifneq ($(filter-out $(NO_BUILD_GOALS),$(or $(MAKECMDGOALS),all)),)
PKG_MISSING := $(strip $(foreach p,$(PKGS),$(shell pkg-config --exists $(p) 2>/dev/null || echo $(p))))
PKG_CFLAGS  := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS) 2>/dev/null))
PKG_LIBS    := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lstemmer -lcld2 -lcsv
endif

all: programs             ## build every program (default)
.DEFAULT_GOAL := all

include lib/module.mk indexer/module.mk searchd/module.mk client/module.mk tests/module.mk tests/bench/module.mk

programs: $(PROGRAMS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(DEPFLAGS) $(ALL_CFLAGS) -c -o $@ $<
$(B)/%.o: %.cc
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(PKG_CFLAGS) $(DEPFLAGS) $(ALL_CXXFLAGS) -c -o $@ $<
$(B)/libweft.a: $(LIB_OBJ)
	rm -f $@ && $(AR) qcsP $@ $^

deps-build:               ## install the packages needed to build (apt)
	@sh tests/setup.sh $(PACKAGES_BUILD)
deps-test:                ## install the packages needed to build and test (apt)
	@sh tests/setup.sh $(PACKAGES_BUILD) $(PACKAGES_TEST)

deps-fuzz:                ## install the packages needed to fuzz (apt)
	@sh tests/setup.sh $(PACKAGES_BUILD) $(PACKAGES_FUZZ)

demo: deps-build          ## index corpus/, start the daemon, ask it two questions
	@$(MAKE) --no-print-directory all
	@B=$(B) sh tests/demo.sh
check: deps-test          ## run the whole test suite
	@$(MAKE) --no-print-directory all tests
	@B=$(B) perl tests/run.pl
lint: deps-test           ## run the checks of style only
	@B=$(B) perl tests/run.pl tests/lint/*.t
fuzz: deps-fuzz           ## run every fuzz target for FUZZ_SECONDS (60) under sanitizers (clang)
	@$(MAKE) --no-print-directory B=$(B)-fuzz CC=clang CXX=clang++ \
		SAN='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' fuzz-run
soak: all                 ## hostile clients for SECONDS (600), good ones beside them
	@B=$(B) SECONDS=$(or $(SECONDS),600) perl tests/daemon/hostile.t
eval: all                 ## measure the ranking on known items and judged queries
	@B=$(B) perl tests/judged/eval.pl $(ARCHIVES)
format:                   ## reformat every source file
	clang-format-14 -i $(SOURCE_FILES)

help:                     ## list targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n",$$1,$$2}' $(MAKEFILE_LIST)
UNITS := weft-searchd.service weft-searchd.socket weft-searchd-http.socket
install: all              ## install under $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(addprefix $(DESTDIR)$(PREFIX)/share/man/man,1 7 8) $(DESTDIR)$(PREFIX)/share/weft/mappings
	install -m 0755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 0644 $(wildcard doc/man/*.1) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0644 $(wildcard doc/man/*.7) $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 0644 $(wildcard doc/man/*.8) $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 0644 $(wildcard mappings/*.json) $(DESTDIR)$(PREFIX)/share/weft/mappings
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)$(PREFIX)/lib/sysusers.d
	for unit in $(UNITS); do \
		sed 's|/usr/local/bin/|$(PREFIX)/bin/|' contrib/systemd/$$unit \
			>$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit 1; \
		chmod 0644 $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit; \
	done
	install -m 0644 contrib/systemd/weft.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/weft.conf
uninstall:                ## remove what install put
	rm -rf $(DESTDIR)$(PREFIX)/share/weft/mappings
	-rmdir $(DESTDIR)$(PREFIX)/share/weft 2>/dev/null
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(notdir $(PROGRAMS)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man1/,$(notdir $(wildcard doc/man/*.1)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man7/,$(notdir $(wildcard doc/man/*.7)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man8/,$(notdir $(wildcard doc/man/*.8)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/lib/systemd/system/,$(UNITS))
	rm -f $(DESTDIR)$(PREFIX)/lib/sysusers.d/weft.conf
dist:                     ## a source archive of HEAD
	mkdir -p $(B) && git archive --prefix=weft/ -o $(B)/weft.tar.gz HEAD
clean:                    ## remove $(B)
	rm -rf $(B)
.PHONY: all programs tests check demo lint soak fuzz fuzz-run format help install uninstall dist clean deps-build deps-test deps-fuzz

-include $(shell find $(B) -name '*.d' 2>/dev/null)
