package hf

import (
	"regexp"
	"strings"
	"testing"
)

// moduleNames are paths that quantization lists speak of.
var moduleNames = []string{
	"lm_head", "model.embed_tokens", "model.layers.0.self_attn.q_proj", "model.layers.10.self_attn.kv_a_proj_with_mqa",
	"model.layers.3.mlp.gate", "model.layers.3.mlp.gate_proj", "model.layers.3.mlp.down_proj", "model.layers.3.mlp.experts.0.gate_proj",
	"model.layers.3.mlp.shared_experts.up_proj", "model.layers.3.block_sparse_moe.gate", "language_model.model.layers.3.mlp.gate_proj",
	"language_model.lm_head", "model.layers.47.linear_attn.in_proj_ba", "mtp.fc",
}

// Go's regexp package is the oracle for the expressions of published ignore lists.
func TestExpressionsAgreeWithRegexp(t *testing.T) {
	expressions := []string{
		`.*self_attn.*`, `.*shared_experts.*`, `.*mlp\.(gate|up|gate_up|down)_proj.*`, `.*lm_head.*`, `.*mlp\.gate$`, `model\.layers\.[0-9]+\.mlp.*`,
		`.*\.mlp\.experts\.\d+\.(gate|up)_proj`, `.*layers\.(0|3)\..*`, `lm_head`, `^model.*q_proj$`, `.*(attn|mlp)\.(?:gate|q)(_proj)?$`, `[^l].*`,
		`.*gate_?u?p?_proj`, `model\.layers\.\w+\.mlp`, `(model|language_model)\..*head`, `.*[a-c]_.*`, ``, `.+\..+\..+\..+\..+\..+\..+`, `model|.*gate`,
	}
	for _, text := range expressions {
		e, ok := parseExpression(text)
		if !ok {
			t.Errorf("%s: not read", text)
			continue
		}
		oracle := regexp.MustCompile(`^(?:` + text + `)`)
		for _, name := range moduleNames {
			budget := maxSteps
			got := strings.Contains(name, e.literal) && e.matchStart(name, &budget)
			if want := oracle.MatchString(name); got != want {
				t.Errorf("%s on %s: got %t, want %t", text, name, got, want)
			}
		}
	}
}

// What the small matcher does not read, it says.
func TestExpressionsBeyondTheMatcher(t *testing.T) {
	for _, text := range []string{`(?!lm_head).*`, `a{2}`, `(a`, `[a`, `a\b`, `(\w)\1`, `*a`, strings.Repeat("(", 20) + strings.Repeat(")", 20), strings.Repeat("a", 1000)} {
		if _, ok := parseExpression(text); ok {
			t.Errorf("%s: taken as read", show(text))
		}
	}
	p := newPatterns([]string{`re:(?!lm_head).*`, "lm_head"})
	if len(p.unread) != 1 || !p.match("lm_head") {
		t.Errorf("unread %v", p.unread)
	}
}

// Expressions that make backtracking explode cost a bounded number of steps.
func TestHostileExpressionIsBounded(t *testing.T) {
	p := newPatterns([]string{`re:` + strings.Repeat(`.*a`, 30) + `.*!`})
	p.match(strings.Repeat("a", 2000))
	if p.steps > 0 || !p.exceeded {
		t.Errorf("%d steps left, cut short %t: want a spent budget that is reported", p.steps, p.exceeded)
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		list, name string
		want       bool
	}{
		{"lm_head", "lm_head", true},
		{"lm_head", "language_model.lm_head", true},
		{"gate", "model.layers.3.mlp.gate", true},
		{"gate", "model.layers.3.mlp.gate_proj", false}, // whole components: MiniMax-M2 lists "gate"
		{"mlp.gate", "model.layers.3.mlp.gate", true},
		{"mlp.gate.", "model.layers.3.mlp.gate", true},
		{"self_attn", "model.layers.0.self_attn.q_proj", true},
		{"model.layers.3", "model.layers.3.mlp.down_proj", true},
		{"model.layers.3", "model.layers.33.mlp.down_proj", false},
		{"model.layers.3.mlp.gate.weight", "model.layers.3.mlp.gate", true},
		{"language_model.model.layers.3.self_attn", "model.layers.3.self_attn.o_proj", true},
		{"model.layers.3.self_attn", "language_model.model.layers.3.self_attn.o_proj", true},
		{"model.layers.0*", "model.layers.0.mlp.up_proj", true},
		{"model.layers.0*", "model.layers.10.mlp.up_proj", false},
		{"*self_attn*", "model.layers.0.self_attn.q_proj", true},
		{"model.layers.*.self_attn", "model.layers.7.self_attn.q_proj", true},
		{"language_model.model.layers.0*", "model.layers.0.mlp.up_proj", true},
		{"*.attn.*", "layers.3.attn.wq_a", true},
		{"head", "lm_head", false},
		{"", "lm_head", false},
	} {
		if got := newPatterns([]string{c.list}).match(c.name); got != c.want {
			t.Errorf("%q on %s: got %t, want %t", c.list, c.name, got, c.want)
		}
	}
}
