package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/enginetest"
)

// beSink is the receiver, in a process of its own so that its cost is the same
// for everybody. It ends with its standard input and then tells what it got.
func beSink(chunking bool, trip time.Duration) int {
	s, err := enginetest.StartSink(enginetest.SinkOptions{Chunking: chunking, Delay: trip})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: sink:", err)
		return 1
	}
	fmt.Println(s.Addr())
	io.Copy(io.Discard, os.Stdin)
	fmt.Println(s.Accepted())
	s.Close()
	return 0
}

// sink is a receiver in another process.
type sink struct {
	cmd  *exec.Cmd
	in   io.Closer
	out  *bufio.Reader
	addr string
}

// startSink starts a receiver that answers after a round trip and offers CHUNKING
// or not.
func startSink(chunking bool, trip time.Duration) (*sink, error) {
	cmd := exec.Command(os.Args[0], "-sink", "-chunking="+strconv.FormatBool(chunking), "-trip", trip.String())
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
	s := &sink{cmd: cmd, in: in, out: bufio.NewReader(out)}
	addr, err := s.out.ReadString('\n')
	s.addr = strings.TrimSpace(addr)
	return s, err
}

// stop ends the receiver and returns how many messages it accepted and how much
// time of a processor it took.
func (s *sink) stop() (int, time.Duration, error) {
	s.in.Close()
	line, err := s.out.ReadString('\n')
	if err != nil {
		return 0, 0, err
	}
	if err := s.cmd.Wait(); err != nil {
		return 0, 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(line))
	return n, s.cmd.ProcessState.UserTime() + s.cmd.ProcessState.SystemTime(), err
}
