package workerd

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkCPU is the processor time that one answer costs workerd, everything included: reading the request, the
// program, the cache, which miniflare keeps in the same process. Linux only.
func BenchmarkCPU(b *testing.B) {
	pid := runtime(b)
	answers := 0
	for _, c := range []struct{ name, path string }{
		{"a file", "/robots.txt"},
		{"the page as it is", "/?model=custom"},
		{"the page with a preview", "/?batch=%d"},
		{"oembed", "/oembed?url=" + escaped(address+"/?batch=") + "%d"},
		{"estimate", "/api/estimate?batch=%d"},
		{"estimate of another model each time", "/api/estimate?model=%s&tpot=%d"},
		{"chart.svg", "/chart.svg?batch=%d"},
		{"card.png", "/card.png?batch=%d"},
		{"card.png from the cache", "/card.png?batch=64"},
	} {
		models := []string{"deepseek-v3", "kimi-k2", "qwen3-235b-a22b", "mixtral-8x7b", "gpt-oss-120b", "glm-4.5", "llama-4-scout"}
		b.Run(c.name, func(b *testing.B) {
			path := func() string {
				answers++
				switch strings.Count(c.path, "%d") + strings.Count(c.path, "%s") {
				case 2:
					return fmt.Sprintf(c.path, models[answers%len(models)], 1000+answers)
				case 1:
					return strings.Replace(c.path, "%d", strconv.Itoa(1000+answers), 1)
				}
				return c.path
			}
			for range 20 { // until the code is compiled
				get(b, path())
			}
			before := seconds(b, pid)
			n := 0
			for b.Loop() {
				if res := get(b, path()); res.StatusCode != 200 {
					b.Fatalf("%s: got %d: %s", path(), res.StatusCode, res.body)
				}
				n++
			}
			b.ReportMetric((seconds(b, pid)-before)*1e3/float64(n), "cpu-ms/op")
		})
	}
}

// runtime finds the process of workerd below this one.
func runtime(b *testing.B) int {
	parents := map[int]int{}
	found := 0
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		pid, rest, _ := strings.Cut(string(text), " (")
		name, rest, _ := strings.Cut(rest, ") ")
		number, _ := strconv.Atoi(pid)
		parents[number], _ = strconv.Atoi(strings.Fields(rest)[1])
		if name == "workerd" && found == 0 {
			found = number
		}
		if name == "workerd" && parents[parents[number]] == os.Getpid() {
			return number
		}
	}
	if found == 0 {
		b.Fatal("no process of workerd is there: this needs Linux")
	}
	return found
}

// seconds that a process has run, in user and system mode; the kernel counts hundredths.
func seconds(b *testing.B, pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}
