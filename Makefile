# Everything a change must pass, and everything a visitor gets. `make test` on a fresh Debian machine with Go and
# Node installs what else it needs (scripts/install, npm ci) and says so.

GO ?= go
PORT ?= 8080
OUT ?= build/screens
MODULES = . scripts/browser scripts/edge/workerd
STATICCHECK = $(CURDIR)/build/staticcheck

.PHONY: build serve test format vet lint unit race wasm browser edge install bench accuracy screens review

build: ## the deployable site, in dist/; PRESETS=mixtral-8x7b,kimi-k2 leaves out the pages of the others
	$(GO) run ./scripts/build -presets "$(PRESETS)"

serve: build ## the site on loopback, with the headers it is deployed with
	$(GO) run ./scripts/serve -port $(PORT)

test: install format vet lint unit wasm race build edge browser ## everything

install:
	$(GO) run ./scripts/install

format:
	@test -z "$$(gofmt -s -l . | grep -v node_modules)" || { gofmt -s -d $$(gofmt -s -l . | grep -v node_modules); exit 1; }

vet:
	for module in $(MODULES); do (cd $$module && $(GO) vet ./...) || exit 1; done
	GOOS=js GOARCH=wasm $(GO) vet ./core/... ./wasm/...

lint: # built first: with GOOS set, go tool would build the tool itself for WebAssembly
	$(GO) build -modfile=scripts/lint/go.mod -o $(STATICCHECK) honnef.co/go/tools/cmd/staticcheck
	for module in $(MODULES); do (cd $$module && $(STATICCHECK) ./...) || exit 1; done
	GOOS=js GOARCH=wasm $(STATICCHECK) ./wasm/...

unit: # with the seeds of the fuzz tests
	node --test site/js/
	$(GO) test -timeout=30m ./...

race:
	$(GO) test -race -timeout=40m ./core/...

# The same tests of the core as WebAssembly. Its environment must stay small: arguments and variables together have 12 kB.
wasm:
	env -i HOME="$$HOME" PATH="$$PATH" GOCACHE="$$($(GO) env GOCACHE)" GOMODCACHE="$$($(GO) env GOMODCACHE)" GOPROXY="$$($(GO) env GOPROXY)" GOOS=js GOARCH=wasm \
	    $(GO) test -exec="$$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" -timeout=40m ./core/...

edge: # the worker, in Cloudflare's own runtime, before dist/
	cd scripts/edge/workerd && $(GO) test -count=1 -timeout=20m ./...

browser: # in Chromium, against dist/ with its headers
	cd scripts/browser && $(GO) test -count=1 -timeout=40m ./...

bench: build ## native, as WebAssembly in Node, and in Chromium: a slider, embeds, Lighthouse on a phone
	$(GO) test -run='^$$' -bench=. -benchmem ./core/...
	env -i HOME="$$HOME" PATH="$$PATH" GOCACHE="$$($(GO) env GOCACHE)" GOMODCACHE="$$($(GO) env GOMODCACHE)" GOPROXY="$$($(GO) env GOPROXY)" GOOS=js GOARCH=wasm \
	    $(GO) test -exec="$$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" -run='^$$' -bench='Step|Ledger|Slider|Series|Build|NewTiming|Simulation|Search' -benchmem ./core/serving ./core/report ./core/tail ./core/plan
	cd scripts/browser && $(GO) test -run='^$$' -bench='Slider|Embed|Lighthouse|Floor' -benchtime=1x .
	cd scripts/edge/workerd && $(GO) test -run='^$$' -bench=CPU -benchtime=60x .

accuracy: ## predicted against measured
	$(GO) run ./scripts/accuracy

screens: build ## pictures of the page at every width, light and dark
	cd scripts/browser && $(GO) run ./screens -o $(abspath $(OUT))

SHOT = cd scripts/browser && $(GO) run ./screens -o $(CURDIR)/docs/screens

review: build ## the main states, for docs/screens
	$(SHOT) -widths 1440 -height 1800
	$(SHOT) -widths 390 -height 2400 -themes light
	$(SHOT) -widths 1440 -height 900 -themes light -name number -js 'document.querySelector("[data-slot=answer] .fig").click()' -until 'document.querySelector("#derivation:popover-open .res")'
	$(SHOT) -widths 1440 -height 900 -themes dark -name share -js 'document.querySelector("[data-verb=share]").click()' -until 'document.querySelector("#share[open]")'
	$(SHOT) -widths 1440 -height 1200 -themes light -name compare -path /compare/
	$(SHOT) -widths 720 -height 460 -name embed -path /embed/ -query chart=batch
