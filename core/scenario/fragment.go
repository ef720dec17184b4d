package scenario

import (
	"encoding/base64"
	"hash/crc32"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The architecture of a custom model travels in the fragment of the link, which
// browsers do not send to servers:
//
//	#arch=json:eyJoaWRkZW5fc2l6ZSI6NDA5Nn0.6f1d3c2a
//
// The codec's name comes first, so that another one can join without breaking
// old links. "json" is the text without white space, in URL-safe base64, then its
// CRC-32: a link that lost its end or the case of its letters must not turn into
// another model. It is not compressed: over the published configurations deflate
// shortens the text from 1,600 to 700 characters on average, and compress/flate
// adds 37 KB to everybody's first load (Go 1.26, brotli).
const (
	archKey   = "arch"
	archCodec = "json"
)

// MaxConfig bounds the architecture in a link, in bytes without white space. The
// largest published config.json of the presets has 7 KB; long ones hold lists
// of module names.
const MaxConfig = 64 * 1024

// ConfigError is why a configuration cannot travel in a link.
type ConfigError struct{ What, Why string }

func (e *ConfigError) Error() string {
	return "scenario: config.json " + e.What + ": " + e.Why
}

// EncodeFragment writes a model's config.json as the fragment of a link, without
// "#". White space between tokens is dropped; everything else is kept to the
// byte. It does not judge the content, which core/arch/hf reads. The error is
// actually a *ConfigError.
func EncodeFragment(config string) (string, error) {
	text := compact(config)
	switch {
	case text == "":
		return "", &ConfigError{"is empty", "paste the file's whole text, from the first { to the last }"}
	case !utf8.ValidString(text):
		return "", &ConfigError{"is not text", "it must be UTF-8, as on the model's page"}
	case len(text) > MaxConfig:
		return "", &ConfigError{
			"is too long for a link",
			"it has " + thousands(float64(len(text))) + " bytes without white space and " + thousands(MaxConfig) +
				" fit; the page can use it, but share the file itself, or leave out long lists such as those of quantization_config",
		}
	}
	return archKey + "=" + archCodec + ":" +
		base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + checksum(text), nil
}

// DecodeFragment reads the architecture out of a fragment, with or without its "#".
// Without one, config is empty and there is no problem. A damaged one is a
// Problem that says what to do.
func DecodeFragment(fragment string) (config string, problem *Problem) {
	for part := range strings.SplitSeq(strings.TrimPrefix(strings.TrimSpace(fragment), "#"), "&") {
		key, raw, _ := strings.Cut(strings.TrimPrefix(part, "amp;"), "=")
		if strings.ToLower(key) == archKey && raw != "" {
			config, problem = decodeArch(raw)
		}
	}
	return config, problem
}

func decodeArch(raw string) (string, *Problem) {
	bad := func(what, why string) (string, *Problem) {
		return "", &Problem{Key: archKey, Raw: raw, What: what, Why: why}
	}
	const again = "Copy the whole link again, or paste the config.json."
	// base64 holds none of the characters that get lost or added on the way.
	text := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0xA0 || plainRune(r) < 0 {
			return -1
		}
		return r
	}, unescape(raw))

	codec, body, found := strings.Cut(text, ":")
	if !found || strings.ToLower(codec) != archCodec {
		return bad("is not written in a way that this page knows",
			"It starts with `"+archCodec+":` in the links of this version. Reload the page, then open the link again.")
	}
	if len(body) > base64.RawURLEncoding.EncodedLen(MaxConfig)+64 {
		return bad("is too long", "An architecture in a link has at most "+thousands(MaxConfig)+" bytes. Paste the config.json instead.")
	}
	encoded, sum, found := strings.Cut(body, ".")
	if !found || len(sum) < len(checksum("")) {
		return bad("is cut short", again)
	}
	data, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || strings.ToLower(sum[:len(checksum(""))]) != checksum(string(data)) {
		return bad("was damaged on the way", again)
	}
	return string(data), nil
}

// checksum is the CRC-32 (IEEE) of text in eight hexadecimal digits.
func checksum(text string) string {
	sum := strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(text))), 16)
	return strings.Repeat("0", 8-len(sum)) + sum
}

// compact drops the white space of a JSON text outside its strings. Unlike
// json.Compact it takes what Python writes besides JSON, such as Infinity, which
// published configurations hold.
func compact(text string) string {
	var b strings.Builder
	inString, escaped := false, false
	for i := range len(text) {
		c := text[i]
		switch {
		case inString:
			inString = c != '"' || escaped
			escaped = c == '\\' && !escaped
		case c == ' ' || c == '\n' || c == '\r' || c == '\t':
			continue
		case c == '"':
			inString = true
		}
		b.WriteByte(c)
	}
	return b.String()
}

// DecodeLink reads both halves of a link. A custom model whose architecture is
// missing or damaged is replaced by the default model, and that is a Problem.
// Config is empty unless the model is ModelCustom.
func (c Catalogue) DecodeLink(query, fragment string) (s Scenario, config string, problems []Problem) {
	s, problems = c.Decode(query)
	if s.Model != ModelCustom {
		return s, "", problems
	}
	config, p := DecodeFragment(fragment)
	if config == "" {
		if p == nil {
			p = &Problem{
				Key: "model", Raw: ModelCustom,
				What: "needs an architecture that the link does not have",
				Why:  "Some apps cut a link at its #. Copy the whole link again, or paste the config.json.",
			}
		}
		s.Model = Default().Model
		p.inUse(&c, find("model"), &s)
		problems = limit(append(problems, *p))
	}
	return s, config, problems
}
