package main

import (
	"os"
	"testing"
)

func TestReplayIsMadeOfTheTraces(t *testing.T) {
	want, err := made("../../core/offload/replay/testdata")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../assets/measurements/replay.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("assets/measurements/replay.json is not what the traces give: run go generate ./core/offload/replay")
	}
}
