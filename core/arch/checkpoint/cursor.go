package checkpoint

import (
	"encoding/binary"
	"fmt"
	"io"
)

// chunk is how much is fetched at once. A header of a few megabytes takes a few
// requests, and memory stays bounded whatever the header claims.
const chunk = 512 << 10

// cursor reads a File forward, from start, no further than limit bytes. The
// first error stays, so that a parser can read on and check once.
type cursor struct {
	f     File
	next  int64  // offset of the next fetch
	end   int64  // offset that may not be passed
	ahead []byte // fetched and not yet consumed
	err   error
}

func newCursor(f File, start, limit int64) *cursor {
	return &cursor{f: f, next: start, end: start + limit}
}

// at is the offset of the next byte.
func (c *cursor) at() int64 { return c.next - int64(len(c.ahead)) }

func (c *cursor) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: byte %d: %s", c.f.Name, c.at(), fmt.Sprintf(format, args...))
	}
}

// fill fetches until at least n bytes are ahead or the file ends.
func (c *cursor) fill(n int) {
	for len(c.ahead) < n && c.err == nil {
		want := int(min(max(chunk, int64(n-len(c.ahead))), c.end-c.next))
		if want <= 0 {
			return
		}
		piece, err := c.f.ReadAt(c.next, want)
		if err != nil {
			c.fail("cannot be read: %v", err)
			return
		}
		piece = piece[:min(len(piece), want)]
		c.next += int64(len(piece))
		c.ahead = append(c.ahead, piece...)
		if len(piece) < want {
			c.end = c.next // the file ends here
		}
	}
}

// peek returns up to n bytes without consuming them.
func (c *cursor) peek(n int) []byte {
	c.fill(n)
	return c.ahead[:min(n, len(c.ahead))]
}

// take consumes exactly n bytes. The slice is valid until the next call.
func (c *cursor) take(n int) []byte {
	c.fill(n)
	if c.err == nil && len(c.ahead) < n {
		c.fail("the header ends in the middle: the file is truncated or larger than its limit")
	}
	if c.err != nil {
		return nil
	}
	out := c.ahead[:n]
	c.ahead = c.ahead[n:]
	return out
}

// skip passes over n bytes without fetching those that are not ahead.
func (c *cursor) skip(n uint64) {
	if c.err != nil {
		return
	}
	if n > uint64(c.end-c.at()) || (c.f.Size > 0 && n > uint64(max(c.f.Size-c.at(), 0))) {
		c.fail("%d bytes are announced, more than the file has", n)
		return
	}
	if n <= uint64(len(c.ahead)) {
		c.ahead = c.ahead[n:]
		return
	}
	c.next = c.at() + int64(n)
	c.ahead = nil
}

func (c *cursor) uint32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) uint64() uint64 {
	if b := c.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// Read lets a JSON decoder work on the header as it arrives.
func (c *cursor) Read(p []byte) (int, error) {
	c.fill(1)
	if c.err != nil {
		return 0, c.err
	}
	if len(c.ahead) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.ahead)
	c.ahead = c.ahead[n:]
	return n, nil
}
