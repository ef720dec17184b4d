//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"

	"moecost/wasm/page/hub"
)

// fetchConfig asks the Hub for the config.json of the model that is named. It is
// the only request that leaves the page, and only this press makes it.
func (p *page) fetchConfig(button js.Value) {
	d := &p.dialog
	if d.busy {
		return
	}
	id, err := hub.Model(d.id.Get("value").String())
	if err != nil {
		d.say(p, err.Error())
		return
	}
	host := data(d.id, "hub")
	d.busy = true
	d.say(p, "")
	d.summary(p, "Asking "+strings.TrimPrefix(host, "https://")+" for the config.json of "+id+" …")
	later(func() {
		defer func() { d.busy = false }()
		text, fault := fetchText(host + "/" + id + "/resolve/main/config.json")
		if fault != "" {
			d.fail(p, id+": "+fault)
			return
		}
		if g, err := readConfig(text, id); err == nil && g.reading.Model.Name == "" {
			text = withName(text, id)
		}
		d.accept(p, text, id)
	})
}

// withName gives a config the name of its model, so that the page and a link of it can say which it is.
func withName(config, id string) string {
	before, after, found := strings.Cut(config, "{")
	if !found || strings.Contains(config, `"_name_or_path"`) {
		return config
	}
	return before + `{"_name_or_path":` + strconv.Quote(id) + "," + after
}

// mostConfig is far above any config.json: what is longer is another file.
const mostConfig = 4 << 20

// fetchText gets a text, or says why there is none and what would do.
func fetchText(address string) (text, fault string) {
	abort := js.Global().Get("AbortController").New()
	late := false
	limit := newTimer(timeout, func() { late = true; abort.Call("abort") })
	defer limit.call.Release()
	limit.restart()
	defer limit.stop()
	response, err := await(js.Global().Call("fetch", address, map[string]any{
		"signal": abort.Get("signal"), "credentials": "omit", "referrerPolicy": "no-referrer",
	}))
	switch {
	case late:
		return "", "the Hub did not answer within " + strconv.Itoa(int(timeout.Seconds())) + " s: try again, or download its config.json and drop it here"
	case err != nil:
		return "", "the Hub cannot be reached: without a connection, drop its config.json here instead (" + err.Error() + ")"
	}
	switch status := response.Get("status").Int(); {
	case status == 401 || status == 403:
		// The Hub says this of gated and private models, and of names that do not exist.
		return "", "the Hub wants a login (" + strconv.Itoa(status) + "): the model is gated or private, or the name is misspelt: download its config.json when logged in and drop it here"
	case status == 404:
		return "", "the Hub has no config.json under that name (404): check the name on the model's page"
	case status == 429:
		return "", "the Hub has had too many requests from here (429): wait a minute, or drop its config.json here"
	case status < 200 || status > 299:
		return "", "the Hub answered " + strconv.Itoa(status) + ": try again later, or drop its config.json here"
	}
	if length := response.Get("headers").Call("get", "content-length"); length.Type() == js.TypeString {
		if n, _ := strconv.Atoi(length.String()); n > mostConfig {
			return "", "its config.json has " + length.String() + " bytes: that is another kind of file"
		}
	}
	body, err := await(response.Call("text"))
	if err != nil {
		return "", "the answer broke off: try again (" + err.Error() + ")"
	}
	return body.String(), ""
}
