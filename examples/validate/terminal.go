package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// isTerminal reports whether a person is likely to be at the other end.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// wantsColour heeds no-color.org and terminals without colours.
func wantsColour(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// progress shows how far the reading of a long file has come. Short files are
// read before there is anything to show.
type progress struct {
	to   io.Writer
	of   int64 // bytes; 0 where that is not known
	read atomic.Int64
	in   io.Reader
	done chan struct{}
	end  sync.WaitGroup
}

// The first is shown after a second, the others five a second.
const (
	progressAfter = time.Second
	progressEvery = 200 * time.Millisecond
)

// watch returns a reader of the same bytes and shows how many have gone through
// it until stop is called.
func (p *progress) watch(in io.Reader) io.Reader {
	p.in, p.done = in, make(chan struct{})
	p.end.Go(func() {
		began, wait := time.Now(), progressAfter
		for {
			select {
			case <-p.done:
				if wait == progressEvery {
					fmt.Fprint(p.to, "\r\x1b[K")
				}
				return
			case <-time.After(wait):
				wait = progressEvery
				fmt.Fprint(p.to, "\r\x1b[K", p.line(time.Since(began)))
			}
		}
	})
	return p
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.in.Read(b)
	p.read.Add(int64(n))
	return n, err
}

func (p *progress) stop() {
	if p.done != nil {
		close(p.done)
		p.end.Wait()
	}
}

// line is what the terminal shows: "checked 120 MB, 51 % of 235 MB, 210 MB/s".
// What only the whole file shows, such as a repeated record, is looked for at
// the end.
func (p *progress) line(elapsed time.Duration) string {
	const mb = 1e6
	n := float64(p.read.Load())
	s := fmt.Sprintf("checked %.0f MB", n/mb)
	if p.of > 0 && p.read.Load() >= p.of {
		return fmt.Sprintf("checked %.0f MB, comparing the records", n/mb)
	}
	if p.of > 0 {
		s += fmt.Sprintf(", %.0f %% of %.0f MB", 100*n/float64(p.of), float64(p.of)/mb)
	}
	return s + fmt.Sprintf(", %.0f MB/s", n/mb/elapsed.Seconds())
}
