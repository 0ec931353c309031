;; Finds bytes in bytes, and counts lines, sixteen bytes at a time. What is looked for lies from 0 on, up to 1024 bytes; what is
;; looked through from 1024 on, and the memory has room for reading on past its end.
;; byte-search-wasm.ts has the bytes of this module: `npm run generate` writes it.
(module
  (memory (export "memory") 5)

  ;; The first place from $from on where the $length bytes occur that end before $end; -1 where they do not.
  (func (export "find") (param $from i32) (param $end i32) (param $length i32) (result i32)
    (local $first v128) (local $last v128) (local $behind i32) (local $final i32) (local $mask i32) (local $at i32) (local $i i32)
    (local.set $behind (i32.sub (local.get $length) (i32.const 1)))
    (local.set $final (i32.sub (local.get $end) (local.get $length)))
    (local.set $first (i8x16.splat (i32.load8_u (i32.const 0))))
    (local.set $last (i8x16.splat (i32.load8_u (local.get $behind))))
    (block $absent
      (loop $next
        (br_if $absent (i32.gt_s (local.get $from) (local.get $final)))
        ;; places where the first byte and the last one are right
        (local.set $mask (i8x16.bitmask (v128.and
          (i8x16.eq (v128.load (local.get $from)) (local.get $first))
          (i8x16.eq (v128.load (i32.add (local.get $from) (local.get $behind))) (local.get $last)))))
        (block $none
          (loop $candidate
            (br_if $none (i32.eqz (local.get $mask)))
            (local.set $at (i32.add (local.get $from) (i32.ctz (local.get $mask))))
            (br_if $absent (i32.gt_s (local.get $at) (local.get $final)))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (local.set $i (i32.const 1))
            (loop $compare
              (if (i32.ge_u (local.get $i) (local.get $behind)) (then (return (local.get $at))))
              (br_if $candidate (i32.ne (i32.load8_u (i32.add (local.get $at) (local.get $i))) (i32.load8_u (local.get $i))))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br $compare))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))
    (i32.const -1))

  ;; The newlines from $from on, before $end.
  (func (export "lines") (param $from i32) (param $end i32) (result i32)
    (local $newline v128) (local $count i32)
    (local.set $newline (i8x16.splat (i32.const 10)))
    (block $done
      (loop $next
        (br_if $done (i32.gt_s (i32.add (local.get $from) (i32.const 16)) (local.get $end)))
        (local.set $count (i32.add (local.get $count) (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load (local.get $from)) (local.get $newline))))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))
    (block $last
      (loop $one
        (br_if $last (i32.ge_s (local.get $from) (local.get $end)))
        (local.set $count (i32.add (local.get $count) (i32.eq (i32.load8_u (local.get $from)) (i32.const 10))))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $one)))
    (local.get $count)))
