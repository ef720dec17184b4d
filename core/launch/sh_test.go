//go:build !js

package launch

import (
	"os/exec"
	"strings"
	"testing"
)

// A real shell makes of a quoted text the text itself.
func TestAShellAgrees(t *testing.T) {
	for _, text := range hostile {
		if strings.ContainsRune(text, 0) {
			continue // no argument can hold it
		}
		out, err := exec.Command("sh", "-c", "printf %s "+quote(text)).Output()
		if err != nil || string(out) != text {
			t.Errorf("%q: sh says %q, %v", text, out, err)
		}
	}
}
