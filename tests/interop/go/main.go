// SPDX-License-Identifier: MIT

// Debian's Go library against gcs-sim: one line a check, `ok - WHAT` or
// `not ok - WHAT`, and the reason behind `#`.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand"
	"os"
	"sort"
	"strings"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
)

var (
	ctx      = context.Background()
	failures int
)

func check(what string, run func() error) {
	if err := run(); err != nil {
		failures++
		fmt.Println("not ok - " + what)
		for _, line := range strings.Split(err.Error(), "\n") {
			fmt.Println("# " + line)
		}
		return
	}
	fmt.Println("ok - " + what)
}

func same(got, want interface{}) error {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

// refused is nil when err is an answer of that status.
func refused(err error, status int) error {
	var answer *googleapi.Error
	if !errors.As(err, &answer) || answer.Code != status {
		return fmt.Errorf("got %v, want status %d", err, status)
	}
	return nil
}

func is(err, want error) error {
	if !errors.Is(err, want) {
		return fmt.Errorf("got %v, want %v", err, want)
	}
	return nil
}

func write(o *storage.ObjectHandle, data []byte, chunk int) error {
	w := o.NewWriter(ctx)
	w.ChunkSize = chunk
	w.Metadata = map[string]string{"key": "value"}
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Close()
}

func read(o *storage.ObjectHandle, offset, length int64) ([]byte, error) {
	r, err := o.NewRangeReader(ctx, offset, length)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// holds says whether that is what is in the object.
func holds(o *storage.ObjectHandle, data []byte) error {
	back, err := read(o, 0, -1)
	if err != nil {
		return err
	}
	if !bytes.Equal(back, data) {
		return fmt.Errorf("%d bytes came back, not the %d that were written",
			len(back), len(data))
	}
	return nil
}

// list collects names, and prefixes with a slash at their end.
func list(b *storage.BucketHandle, q *storage.Query) ([]string, error) {
	var names []string
	it := b.Objects(ctx, q)
	it.PageInfo().MaxSize = 2
	for {
		attrs, err := it.Next()
		if err == iterator.Done {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, attrs.Prefix+attrs.Name)
	}
}

func lists(b *storage.BucketHandle, q *storage.Query, want ...string) error {
	names, err := list(b, q)
	if err != nil {
		return err
	}
	return same(names, want)
}

func objects(b *storage.BucketHandle) {
	o := b.Object("hello.txt")
	check("write and read", func() error {
		if err := write(o, []byte("hello, world"), 0); err != nil {
			return err
		}
		return holds(o, []byte("hello, world"))
	})
	check("read ranges", func() error {
		part, err := read(o, 3, 5)
		if err != nil {
			return err
		}
		end, err := read(o, -3, -1)
		if err != nil {
			return err
		}
		return same(string(part)+string(end), "lo, wrld")
	})
	check("attributes", func() error {
		attrs, err := o.Attrs(ctx)
		if err != nil {
			return err
		}
		return same(fmt.Sprint(attrs.Size, attrs.Metadata,
			attrs.Metageneration, attrs.CRC32C),
			"12 map[key:value] 1 1771676703")
	})
	check("update", func() error {
		attrs, err := o.Update(ctx, storage.ObjectAttrsToUpdate{
			ContentType: "text/x-own",
			Metadata:    map[string]string{"other": "1"}})
		if err != nil {
			return err
		}
		return same(fmt.Sprintln(attrs.ContentType, attrs.Metadata,
			attrs.Metageneration), "text/x-own map[key:value other:1] 2\n")
	})
	check("what is there is not written again: 412", func() error {
		never := o.If(storage.Conditions{DoesNotExist: true})
		return refused(write(never, []byte("x"), 0), 412)
	})
	check("what is not there: ErrObjectNotExist", func() error {
		_, err := b.Object("no").Attrs(ctx)
		if err := is(err, storage.ErrObjectNotExist); err != nil {
			return err
		}
		_, err = read(b.Object("no"), 0, -1)
		if err := is(err, storage.ErrObjectNotExist); err != nil {
			return err
		}
		return is(b.Object("no").Delete(ctx), storage.ErrObjectNotExist)
	})
	check("delete of another generation: 412", func() error {
		other := o.If(storage.Conditions{GenerationMatch: 1})
		return refused(other.Delete(ctx), 412)
	})
	check("delete", func() error { return o.Delete(ctx) })
}

func names(b *storage.BucketHandle) {
	for _, name := range []string{"a b", "a+b", "100%41", "x/y z/+",
		"q?a=b&c#d", "grün-日本", "it's", "trail/"} {
		o := b.Object(name)
		check("a name such as "+name, func() error {
			if err := write(o, []byte(name), 0); err != nil {
				return err
			}
			if err := holds(o, []byte(name)); err != nil {
				return err
			}
			if err := lists(b, nil, name); err != nil {
				return err
			}
			return o.Delete(ctx)
		})
	}
}

func uploads(b *storage.BucketHandle) {
	data := make([]byte, 9<<20+1)
	rand.New(rand.NewSource(1)).Read(data)
	o := b.Object("big")
	for _, chunk := range []int{0, 1 << 20, 16 << 20} {
		check(fmt.Sprintf("9 MiB in chunks of %d MiB", chunk>>20),
			func() error {
				if err := write(o, data, chunk); err != nil {
					return err
				}
				return holds(o, data)
			})
	}
	check("a session that ends with a chunk", func() error {
		if err := write(o, data[:1<<20], 256<<10); err != nil {
			return err
		}
		return holds(o, data[:1<<20])
	})
	check("delete what is large", func() error { return o.Delete(ctx) })
}

func listsAndCopies(b *storage.BucketHandle) {
	for _, name := range []string{"a/1", "a/2", "a/b/3", "c", "d/4"} {
		check("write "+name, func() error {
			return write(b.Object(name), []byte(name), 0)
		})
	}
	check("list: all, page by page", func() error {
		return lists(b, nil, "a/1", "a/2", "a/b/3", "c", "d/4")
	})
	check("list: folders", func() error {
		names, err := list(b, &storage.Query{Delimiter: "/"})
		if err != nil {
			return err
		}
		sort.Strings(names)
		return same(names, []string{"a/", "c", "d/"})
	})
	check("list: below a prefix", func() error {
		return lists(b, &storage.Query{Prefix: "a/"}, "a/1", "a/2", "a/b/3")
	})
	check("copy", func() error {
		to := b.Object("copy +")
		attrs, err := to.CopierFrom(b.Object("a/1")).Run(ctx)
		if err != nil {
			return err
		}
		if err := same(attrs.Metadata["key"], "value"); err != nil {
			return err
		}
		return holds(to, []byte("a/1"))
	})
	check("compose", func() error {
		to := b.Object("whole")
		_, err := to.ComposerFrom(b.Object("a/1"), b.Object("a/2")).Run(ctx)
		if err != nil {
			return err
		}
		return holds(to, []byte("a/1a/2"))
	})
	check("delete them all", func() error {
		names, err := list(b, nil)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := b.Object(name).Delete(ctx); err != nil {
				return err
			}
		}
		return lists(b, nil)
	})
}

func buckets(c *storage.Client) {
	b := c.Bucket("go-bucket")
	check("no bucket: ErrBucketNotExist", func() error {
		_, err := b.Attrs(ctx)
		if err := is(err, storage.ErrBucketNotExist); err != nil {
			return err
		}
		_, err = list(b, nil)
		return is(err, storage.ErrBucketNotExist)
	})
	check("create, update, delete", func() error {
		err := b.Create(ctx, "any", &storage.BucketAttrs{
			Location: "us-east1", VersioningEnabled: true})
		if err != nil {
			return err
		}
		attrs, err := b.Update(ctx,
			storage.BucketAttrsToUpdate{VersioningEnabled: false})
		if err != nil {
			return err
		}
		if err := same(attrs.VersioningEnabled, false); err != nil {
			return err
		}
		if err := same(attrs.Location, "US-EAST1"); err != nil {
			return err
		}
		return b.Delete(ctx)
	})
	check("create what is there: 409", func() error {
		return refused(c.Bucket("demo").Create(ctx, "any", nil), 409)
	})
}

func main() {
	c, err := storage.NewClient(ctx)
	if err != nil {
		log.Fatal(err)
	}
	b := c.Bucket("demo")
	objects(b)
	names(b)
	uploads(b)
	listsAndCopies(b)
	buckets(c)
	if failures > 0 {
		os.Exit(1)
	}
}
