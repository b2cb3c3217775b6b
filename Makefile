# make            builds ./lbsim (CC=clang, CFLAGS="-O0 -g", MARCH=x86-64-v3, LTO=-flto=auto;
#                 PROFILE= is built sooner and runs slower)
# make test       runs the unit tests (ONLY=event: of that word in their path; SKIP=theory)
# make check      runs everything that a commit must pass
# make demo       runs the quick-start scenario
# make gallery    runs all scenarios and writes a page of each into results/gallery
# make bench      measures the cost of each policy on this machine
# make validate   runs the slow proofs against queueing theory
# make asan       runs the unit tests, but theory, under address and undefined sanitizers
# make tsan       runs the tests of the threads under the thread sanitizer
# make install    copies program, scenarios, completion (PREFIX=/usr/local DESTDIR=)
# make uninstall  removes what install copied
# make clean      removes what was built
# SPDX-License-Identifier: GPL-3.0-or-later

VERSION = 0.1.0
PREFIX ?= /usr/local
BUILD ?= build
PROGRAM := $(if $(filter build,$(BUILD)),.,$(BUILD))/lbsim
ifeq ($(origin CC),default)
CC = gcc
endif
CFLAGS ?= -O3 -g
WERROR ?= -Werror
PACKAGES = gsl libfyaml libxxhash libzstd zlib

WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wswitch-enum -Wformat=2 $(WERROR)
# glibc's checks need optimisation, and the sanitizers have their own.
FORTIFY = $(if $(filter -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
HARDEN = $(FORTIFY) -fPIE -fstack-protector-strong -fstack-clash-protection
# The path that every request takes is optimised as one unit across its files, in the program
# only; -ffat-lto-objects lets the tests link the same objects without.  It sees no input that
# has not been checked, and does without stack canaries: 3 %.
HOT = models/% sim/engine/event% sim/engine/ranking% sim/report/tally% sim/stats/histogram%
INLINE = --param max-inline-insns-auto=400 --param inline-unit-growth=300 \
	--param large-function-growth=1000 --param large-stack-frame-growth=2000
WHOLE = $(if $(findstring gcc,$(CC)),$(if $(filter -O3,$(CFLAGS)),-flto=auto $(INLINE)))
COOL = -fno-stack-protector -fno-stack-clash-protection $(if $(WHOLE),-ffat-lto-objects) $(WHOLE)
# The same path is compiled twice, the second time with a profile of the benchmark: 13 %.
PROFILE = $(if $(WHOLE),$(BUILD)/profile)
TRAINING = plain/p2c/100 plain/least_connections/10000 defended/p2c/100 full/p2c/100 \
	full/round_robin/10000
# The program that is trained has its objects elsewhere, which is part of other idents.
IDENT = --param profile-func-internal-id=1
TRAINED = -fprofile-use $(IDENT) -fprofile-partial-training -Wno-missing-profile
# The last two keep results equal between compilers, and builds equal between folders.
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -I. -DLBSIM_VERSION=\"$(VERSION)\" $(CPPFLAGS) \
	$(WARNINGS) $(HARDEN) $(MARCH:%=-march=%) $(CFLAGS) $(LTO) \
	-ffp-contract=off -ffile-prefix-map="$(CURDIR)"=.
LINK = $(CC) $(CFLAGS) $(LTO) -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed $(LDFLAGS)
LIBRARIES := $(shell pkg-config --print-provides $(PACKAGES) | sed 's/ =//; $$!s/$$/,/' | xargs)
LIBS = $(shell pkg-config --libs $(PACKAGES)) -lcsv -lm -lpthread

SOURCES := $(wildcard sim/*/*.c models/*.c models/*/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
MAIN := $(BUILD)/sim/cli/main.o
LIBRARY := $(BUILD)/lbsim.a
# Those that take longest first: the conformance of all policies, theory/.
find_tests = $(patsubst %.c,$(BUILD)/%,$(shell find tests -name '$1_*.c' -path '*$(ONLY)*' \
	$(SKIP:%=! -path '*%*') | LC_ALL=C sort -r))
FOUND := $(call find_tests,test)
TESTS := $(filter %conformance,$(FOUND)) $(filter-out %conformance,$(FOUND))
SLOW_TESTS := $(call find_tests,slow)

ifneq ($(filter-out help clean,$(or $(MAKECMDGOALS),all)),)
ifneq ($(shell pkg-config --exists $(PACKAGES) && echo found),found)
$(error needs a compiler, pkg-config and $(PACKAGES): run scripts/install-deps)
endif
endif

# V=1 shows commands whole, -s nothing.
Q := $(if $(V),,@)
SAY := @$(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),:,echo '  ')

all: $(PROGRAM)
tests: $(TESTS)
test: $(TESTS)
	@scripts/run-tests $(TESTS)
# Of a validation of everything the table of what theory says is made anew.
THEORY := $(filter $(BUILD)/tests/theory/%,$(TESTS) $(SLOW_TESTS))
validate: $(SLOW_TESTS) $(THEORY)
	@LIMIT=1800 scripts/run-tests $(sort $(SLOW_TESTS) $(THEORY))
	@$(if $(ONLY)$(SKIP),,scripts/validation-table $(sort $(THEORY:=.log)) \
	    > tests/theory/VALIDATION.md)
check:
	@BUILD='$(BUILD)' scripts/check-all
demo: $(PROGRAM)
	$(PROGRAM) run scenarios/quick-start.yaml
gallery: $(PROGRAM)
	scripts/gallery $(PROGRAM)
bench: $(PROGRAM)
	$(PROGRAM) bench
headers:
	@scripts/check-headers $(COMPILE)
# Sanitizers make gcc warn of what it does not warn of otherwise, wrongly.
asan: SANITIZE = address,undefined -fno-sanitize-recover=all
tsan: SANITIZE = thread
tsan: UNDER = $(shell setarch -R true 2>/dev/null && echo setarch -R)
asan tsan:
	@$(UNDER) $(MAKE) --no-print-directory BUILD=$(BUILD)/$@ WERROR= \
	    $(if $(filter tsan,$@),ONLY=experiment,SKIP=theory) all test \
	    CFLAGS='-O1 -g1 -fno-omit-frame-pointer -fsanitize=$(SANITIZE)'
help:
	@sed -n 's/^# make/make/p' Makefile
clean:
	rm -rf $(BUILD) $(PROGRAM)

$(PROGRAM): $(OBJECTS)
	$(SAY) LINK $@
	$(Q)$(LINK) $(WHOLE) -o $@ $^ $(LIBS)
$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS)) $(BUILD)/sources
	@rm -f $@
	$(Q)$(if $(LTO),gcc-ar,$(AR)) qcs $@ $(filter %.o,$^)
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIBRARY)
	$(SAY) LINK $@
	$(Q)$(LINK) $(if $(WHOLE),-fno-lto) -o $@ $^ -lcmocka $(LIBS)
$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) CC $<
	$(Q)$(COMPILE) $(OWN) -MMD -MP -c -o $@ $<

HOT_OBJECTS := $(filter $(HOT:%=$(BUILD)/%.o),$(OBJECTS))
$(HOT_OBJECTS): private OWN = $(COOL) $(if $(PROFILE),$(TRAINED))
ifneq ($(PROFILE),)
UNTRAINED := $(HOT_OBJECTS:$(BUILD)/%=$(PROFILE)/%)
$(HOT_OBJECTS): $(PROFILE)/trained
$(PROFILE)/trained: $(PROFILE)/lbsim
	$(SAY) TRAIN $<
	@find $(@D) -name '*.gcda' -delete
	@for case in $(TRAINING); do $< bench $$case --bare --requests 300000 >$@.log || exit 1; done
	@cd $(@D) && find . -name '*.gcda' -exec cp --parents {} .. \;
	@touch $@
$(PROFILE)/lbsim: $(filter-out $(HOT_OBJECTS),$(OBJECTS)) $(UNTRAINED)
	$(SAY) LINK $@
	$(Q)$(LINK) -fprofile-generate -o $@ $^ $(LIBS)
$(UNTRAINED): $(PROFILE)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE) $(filter-out $(WHOLE) -ffat-lto-objects,$(COOL)) \
	    -fprofile-generate $(IDENT) -MMD -MP -c -o $@ $<
-include $(UNTRAINED:.o=.d)
endif

# What was built with other flags, for another prefix, or of files now gone is built again.
PLACES = -DLBSIM_DATADIR=\"$(PREFIX)/share/lbsim\" -DLBSIM_LIBRARIES="\"$(LIBRARIES)\""
$(BUILD)/sim/cli/%.o: private OWN = $(PLACES)
$(filter $(BUILD)/sim/cli/%,$(OBJECTS)): $(BUILD)/prefix
$(BUILD)/prefix: NOTE = $(PLACES)
$(BUILD)/flags: NOTE = $(COMPILE) $(LINK) $(COOL) $(HOT) $(PROFILE) $(TRAINING)
$(BUILD)/sources: NOTE = $(SOURCES)
$(BUILD)/prefix $(BUILD)/flags $(BUILD)/sources: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(NOTE)' | cmp -s - $@ || printf '%s\n' '$(NOTE)' > $@

SHARE = $(DESTDIR)$(PREFIX)/share
COMPLETION = $(SHARE)/bash-completion/completions/lbsim
install: $(PROGRAM)
	install -D -t "$(DESTDIR)$(PREFIX)/bin" $(PROGRAM)
	install -D -m 644 -t "$(SHARE)/doc/lbsim" LICENSE $(wildcard README.md)
	install -D -m 644 -t "$(SHARE)/lbsim/scenarios" $(wildcard scenarios/*.*)
	install -D -m 644 -t "$(SHARE)/lbsim/plots" $(wildcard scripts/plots/*.gp)
	install -D -m 644 /dev/null "$(COMPLETION)"
	$(PROGRAM) completion bash > "$(COMPLETION)"
	for file in $(wildcard *.schema.json); do install -m 644 $$file "$(SHARE)/lbsim"; done
	for file in $(wildcard *.1); do install -D -m 644 -t "$(SHARE)/man/man1" $$file; done
uninstall:
	rm -rf "$(SHARE)/lbsim" "$(SHARE)/doc/lbsim"
	rm -f "$(DESTDIR)$(PREFIX)/bin/lbsim" "$(COMPLETION)" "$(SHARE)/man/man1/lbsim.1"

FORCE:
.DELETE_ON_ERROR:
.SECONDARY: $(TESTS:=.o) $(SLOW_TESTS:=.o)
.PHONY: all tests test validate check demo gallery bench headers asan tsan help clean \
	install uninstall
-include $(OBJECTS:.o=.d) $(TESTS:=.d) $(SLOW_TESTS:=.d)
