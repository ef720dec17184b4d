package scenario

import "testing"

func TestAsked(t *testing.T) {
	for _, c := range []struct{ path, query, want string }{
		{"/", "", ""},
		{"/", "?batch=8", "batch=8"},
		{"/m/", "?batch=8", "batch=8"}, // the list of all
		{"/model/kimi-k2/", "", ""},
		{"/m/kimi-k2/", "", "model=kimi-k2"},
		{"/m/kimi-k2", "?", "model=kimi-k2"},
		{"/m/kimi-k2/index.html", "?batch=8", "model=kimi-k2&batch=8"},
		{"/m/kimi-k2/", "?model=mixtral-8x7b", "model=mixtral-8x7b"},
		{"/m/kimi-k2/", "?batch=8&model=mixtral-8x7b", "batch=8&model=mixtral-8x7b"},
		{"/m/kimi-k2/", "?mymodel=1", "model=kimi-k2&mymodel=1"}, // another key
	} {
		if got := Asked(c.path, c.query); got != c.want {
			t.Errorf("for %s%s, got %q, want %q", c.path, c.query, got, c.want)
		}
	}
}
