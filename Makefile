# Everything a person or a machine does with this repository starts here.
# Two commands are enough: "make demo" shows the kiosk at work, "make test" runs
# every test. Each fetches what it needs; nothing is installed.

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

# What ships is built without cgo. Only the race detector needs it.
export CGO_ENABLED := 0
# A go.work in a folder above must not change what is built here.
export GOWORK := off
# Third-party test material, used in place and never copied.
DZONG_VECTORS ?= ../shared/vectors
export DZONG_VECTORS := $(abspath $(DZONG_VECTORS))

BIN := .build
# No version-control stamp: it would make builds differ, and fail where git does
# not trust the folder's owner.
BUILD := go build -trimpath -buildvcs=false
PACKAGES ?= ./...
FUZZTIME ?= 1m
BENCHTIME ?= 1s

.PHONY: help
help:
	@echo 'make demo         the kiosk checks credentials, without hardware, broker or network'
	@echo '                  (KEEP=1: stays, for a look at its screen in the browser)'
	@echo 'make test         all tests, and what could not run by name'
	@echo 'make check        vet, gofmt, staticcheck, layering, race detector, shellcheck'
	@echo 'make conformance  test material of others, from DZONG_VECTORS ($(DZONG_VECTORS))'
	@echo 'make mutate       every accepted case, own ones and those of others, changed at random; N=100000 SEED=1'
	@echo 'make interop      against libraries of others for SD-JWT and linked data; needs Node.js 20 and npm'
	@echo 'make bench        benchmarks; BENCHTIME=1s'
	@echo 'make fuzz         every fuzz target in turn; FUZZTIME=1m each'
	@echo 'make build        dzong and dzong-kiosk into $(BIN)/'
	@echo 'make clean        removes $(BIN)/'

.PHONY: need-go
need-go:
	@sh cross/need-go.sh

.PHONY: build
build: need-go
	@$(BUILD) -o $(BIN)/ ./sdk/cmd/dzong ./agent/cmd/dzong-kiosk
	@echo "built $(BIN)/dzong and $(BIN)/dzong-kiosk"

.PHONY: demo
demo: need-go
	@$(BUILD) -o $(BIN)/ ./agent/cmd/dzong-kiosk
	@$(BIN)/dzong-kiosk demo $(if $(KEEP),,--once)

# A real broker is fetched first, so that the tests find it. Where it cannot be
# had, the script says what will be skipped, and the rest still runs.
.PHONY: test
test: need-go
	@$(BUILD) -o $(BIN)/testsum ./cross/testsum
	@broker=$$(sh cross/fetch-mosquitto.sh); \
	DZONG_MOSQUITTO="$$broker" $(BIN)/testsum -count=1 -timeout 8m $(PACKAGES)

# Every family of it, wherever its test is: those called TestConformance.
.PHONY: conformance
conformance: need-go
	@if [ ! -d "$(DZONG_VECTORS)" ]; then \
		echo "no test material at $(DZONG_VECTORS): set DZONG_VECTORS to its folder; make test needs none of it" >&2; \
		exit 1; \
	fi
	@$(BUILD) -o $(BIN)/testsum ./cross/testsum
	@$(BIN)/testsum -families "$(DZONG_VECTORS)" -uncovered cross/uncovered-families.txt -count=1 -run '^TestConformance' \
		$$(grep -rl --include='*_test.go' '^func TestConformance' sdk | xargs -n 1 dirname | sort -u | sed 's|^|./|')

# Every accepted case after any single change: own ones, and those of others where
# they are at hand. N mutants; the same SEED makes the same ones again.
N ?= 100000
SEED ?= 1
.PHONY: mutate
mutate: need-go
	@$(BUILD) -o $(BIN)/ ./sdk/cmd/dzong
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT INT TERM && \
	$(BIN)/dzong vectors write "$$dir/own" && \
	if [ -d "$(DZONG_VECTORS)" ]; then \
		DZONG_POSITIVES="$$dir/others" go test -count=1 ./sdk/verifytest/conformance >"$$dir/log" || { cat "$$dir/log"; exit 1; }; \
	else \
		echo "no test material of others at $(DZONG_VECTORS): own cases only"; \
	fi && \
	$(BIN)/dzong vectors mutate "$$dir" --n $(N) --seed $(SEED) $(if $(ONLY),--only $(ONLY)) $(if $(KEEP),--keep "$(KEEP)")

# The libraries are fetched into a cache; where they cannot be had, the script
# says what is not tested, and that is no success.
.PHONY: interop
interop: need-go
	@$(BUILD) -o $(BIN)/testsum ./cross/testsum
	@sdjwt=$$(sh cross/fetch-interop.sh sdk/verifytest/interop/peer) || exit 1; \
	linkeddata=$$(sh cross/fetch-interop.sh sdk/verifytest/interop/linkeddata/peer) || exit 1; \
	DZONG_INTEROP="$$sdjwt" DZONG_INTEROP_LINKED_DATA="$$linkeddata" \
		$(BIN)/testsum -count=1 -timeout 8m ./sdk/verifytest/interop/...

.PHONY: bench
bench: need-go
	@go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) \
		$$(grep -rl --include='*_test.go' '^func Benchmark' sdk agent drivers | xargs -n 1 dirname | sort -u | sed 's|^|./|')

.PHONY: fuzz
fuzz: need-go
	@sh cross/fuzz.sh $(FUZZTIME) $(PACKAGES)

# check: what a reviewer would otherwise have to look for.
.PHONY: check vet gofmt staticcheck staticcheck-tool layering race shellcheck
check: vet gofmt staticcheck layering shellcheck race
	@echo 'check: done'

vet: need-go
	@echo '== go vet'
	@go vet $(PACKAGES)

gofmt: need-go
	@echo '== gofmt'
	@wrong=$$(gofmt -l sdk agent drivers cross examples hwtest); \
	if [ -n "$$wrong" ]; then echo "not formatted (run gofmt -w on them):"; echo "$$wrong"; exit 1; fi

# The tool is built from its own module and then run here: run inside that module
# it would look at nothing.
staticcheck: staticcheck-tool
	@echo '== staticcheck'
	@$(BIN)/staticcheck $(PACKAGES)

staticcheck-tool: need-go
	@go -C cross/tools build -buildvcs=false -o "$(CURDIR)/$(BIN)/staticcheck" honnef.co/go/tools/cmd/staticcheck

layering: need-go
	@echo '== layering and the shape of the tree'
	@go test -count=1 ./cross

race:
	@sh cross/race.sh $(PACKAGES)

shellcheck:
	@echo '== shellcheck'
	@if command -v shellcheck >/dev/null 2>&1; then shellcheck cross/*.sh .ci/run; \
	else echo 'skipped: shellcheck is not installed'; fi

.PHONY: clean
clean:
	@rm -rf $(BIN)
