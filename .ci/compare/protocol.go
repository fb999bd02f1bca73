package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A program that is compared is a process that holds the data and waits for
// lines on its standard input:
//
//	run VARIANT TASK         does the task, answers "ok NANOSECONDS"
//	dump VARIANT TASK FILE   does it and writes the answer as 64-bit floats, "ok 0"
//
// or answers "error TEXT". The timed part holds the work alone; what it leaves
// behind is collected before the next.

// task does one piece of work and returns its answer, NaN for none.
type task func() ([]float64, error)

// contestant is what a process can do, by variant and task. The answers of a
// timed run are thrown away; of a dump they are made by finish, where making
// them comparable takes time that is not part of the work.
type contestant map[string]func() (finish task, err error)

func serveCommand(args []string) error {
	if len(args) != 3 {
		return errors.New("serve GROUP PROGRAM DIR")
	}
	c, err := newContestant(args[0], args[1], args[2])
	if err != nil {
		return err
	}
	return serve(c, os.Stdin, os.Stdout)
}

func newContestant(group, program, dir string) (contestant, error) {
	switch {
	case strings.HasPrefix(program, "duckdb"):
		return duckContestant(group, strings.TrimPrefix(program, "duckdb"), dir)
	case group == "forms":
		return formsContestant(dir)
	case group == "tests":
		return testsContestant(dir)
	case group == "extract":
		return extractContestant(dir)
	}
	return nil, fmt.Errorf("no program %q in group %q", program, group)
}

func serve(c contestant, in io.Reader, out io.Writer) error {
	if _, err := fmt.Fprintln(out, "ok 0"); err != nil { // the data are loaded
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		answer, err := c.do(f)
		if err != nil {
			answer = "error " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		if _, err := fmt.Fprintln(out, answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (c contestant) do(f []string) (string, error) {
	if len(f) < 3 {
		return "", errors.New("a command has at least three words")
	}
	work, ok := c[f[1]+" "+f[2]]
	if !ok {
		return "", fmt.Errorf("no task %s %s", f[1], f[2])
	}
	runtime.GC()
	start := time.Now()
	finish, err := work()
	took := time.Since(start)
	if err != nil {
		return "", err
	}
	if f[0] == "run" {
		return "ok " + strconv.FormatInt(took.Nanoseconds(), 10), nil
	}
	values, err := finish()
	if err != nil {
		return "", err
	}
	return "ok 0", writeFloats(f[3], values)
}

func writeFloats(name string, values []float64) error {
	b := make([]byte, 0, 8*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return os.WriteFile(name, b, 0o600)
}

func readFloats(name string) ([]float64, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(b)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return values, nil
}

// process is a contestant that is running.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(env []string, argv ...string) (*process, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, in: in, out: bufio.NewReader(out)}
	if _, err := p.answer(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", argv[0], err), p.stop())
	}
	return p, nil
}

func (p *process) ask(words ...string) (time.Duration, error) {
	if _, err := fmt.Fprintln(p.in, strings.Join(words, " ")); err != nil {
		return 0, err
	}
	return p.answer()
}

func (p *process) answer() (time.Duration, error) {
	line, err := p.out.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("no answer: %w", err)
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(line), "ok ")
	if !ok {
		return 0, errors.New(strings.TrimSpace(line))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return time.Duration(n), err
}

func (p *process) stop() error {
	return errors.Join(p.in.Close(), p.cmd.Wait())
}

// peakMemory is the most that the process has held, in bytes; 0 where the
// system does not say.
func (p *process) peakMemory() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(string(rest)), " kB"), 10, 64)
			return kib * 1024
		}
	}
	return 0
}

// differ says where two answers differ by more than the tolerance, relative to
// the larger, and by more than the absolute one, or returns nil.
func differ(want, got []float64, tolerance, absolute float64) error {
	if len(want) != len(got) {
		return fmt.Errorf("%d values, not %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if w == g || math.IsNaN(w) && math.IsNaN(g) {
			continue
		}
		if !(math.Abs(w-g) <= max(absolute, tolerance*max(math.Abs(w), math.Abs(g)))) {
			return fmt.Errorf("value %d is %v, not %v", i, g, w)
		}
	}
	return nil
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	if n := len(d); n%2 == 0 {
		return (d[n/2-1] + d[n/2]) / 2
	}
	return d[len(d)/2]
}
