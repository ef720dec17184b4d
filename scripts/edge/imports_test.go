package main

import (
	"os/exec"
	"strings"
	"testing"
)

// The worker starts before its first request, in processor time that every visitor might pay for: it must
// not bring the chart library, whose packages work when the program starts, nor what only the page needs.
func TestTheWorkerIsLight(t *testing.T) {
	command := exec.Command("go", "list", "-deps", "./wasm/edge")
	command.Dir = "../.."
	command.Env = append(command.Environ(), "GOOS=js", "GOARCH=wasm")
	list, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := string(list)
	if !strings.Contains(deps, "moecost/core/card\n") {
		t.Error("core/card is not in ./wasm/edge: is it still the worker?")
	}
	for _, bad := range []string{"moecost/core/chart\n", "github.com/go-echarts/", "moecost/core/arch/hf\n", "moecost/core/arch/checkpoint\n", "html/template\n", "regexp\n"} {
		if strings.Contains("\n"+deps, "\n"+bad) {
			t.Errorf("the worker imports %s", strings.TrimSpace(bad))
		}
	}
}
