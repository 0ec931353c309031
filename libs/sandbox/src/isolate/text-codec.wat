;; UTF-8 to strings and back, for an isolate, which has no TextDecoder: as the Encoding Standard says, malformed bytes and
;; lone surrogates become U+FFFD. Bytes lie from 0 on in the memory, which holds what MAX_CHARS characters can take.
;; text-codec-wasm.ts has the bytes of this module: `npm run generate` writes it.
(module
  (type $chars (array (mut i16)))
  (import "wasm:js-string" "fromCharCodeArray" (func $fromCharCodes (param (ref null $chars)) (param i32) (param i32) (result (ref extern))))
  (import "wasm:js-string" "intoCharCodeArray" (func $intoCharCodes (param externref) (param (ref null $chars)) (param i32) (result i32)))
  (memory (export "memory") 4)
  (global $chars (ref $chars) (array.new_default $chars (i32.const 65536)))
  (global $malformed (export "malformed") (mut i32) (i32.const 0))

  (func $decode (export "decode") (param $end i32) (result (ref extern))
    (local $out (ref $chars)) (local $i i32) (local $o i32) (local $w i64)
    (local $b i32) (local $need i32) (local $lower i32) (local $upper i32) (local $point i32)
    (local.set $out (global.get $chars))
    (global.set $malformed (i32.const 0))
    (block $done
      (loop $next
        ;; eight ASCII bytes at once
        (block $slow
          (loop $ascii
            (br_if $slow (i32.gt_u (i32.add (local.get $i) (i32.const 8)) (local.get $end)))
            (local.set $w (i64.load (local.get $i)))
            (br_if $slow (i64.ne (i64.and (local.get $w) (i64.const 0x8080808080808080)) (i64.const 0)))
            (array.set $chars (local.get $out) (local.get $o) (i32.and (i32.wrap_i64 (local.get $w)) (i32.const 0x7f)))
            (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 1)) (i32.and (i32.wrap_i64 (i64.shr_u (local.get $w) (i64.const 8))) (i32.const 0x7f)))
            (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 2)) (i32.and (i32.wrap_i64 (i64.shr_u (local.get $w) (i64.const 16))) (i32.const 0x7f)))
            (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 3)) (i32.and (i32.wrap_i64 (i64.shr_u (local.get $w) (i64.const 24))) (i32.const 0x7f)))
            (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 4)) (i32.and (i32.wrap_i64 (i64.shr_u (local.get $w) (i64.const 32))) (i32.const 0x7f)))
            (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 5)) (i32.and (i32.wrap_i64 (i64.shr_u (local.get $w) (i64.const 40))) (i32.const 0x7f)))
            (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 6)) (i32.and (i32.wrap_i64 (i64.shr_u (local.get $w) (i64.const 48))) (i32.const 0x7f)))
            (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 7)) (i32.wrap_i64 (i64.shr_u (local.get $w) (i64.const 56))))
            (local.set $i (i32.add (local.get $i) (i32.const 8)))
            (local.set $o (i32.add (local.get $o) (i32.const 8)))
            (br $ascii)))
        (br_if $done (i32.ge_u (local.get $i) (local.get $end)))
        (local.set $b (i32.load8_u (local.get $i)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (if (i32.lt_u (local.get $b) (i32.const 0x80))
          (then
            (array.set $chars (local.get $out) (local.get $o) (local.get $b))
            (local.set $o (i32.add (local.get $o) (i32.const 1)))
            (br $next)))
        ;; the lead byte says how many follow, and between which bounds the first of them lies
        (local.set $lower (i32.const 0x80))
        (local.set $upper (i32.const 0xbf))
        (block $lead
          (if (i32.lt_u (i32.sub (local.get $b) (i32.const 0xc2)) (i32.const 0x1e))
            (then
              (local.set $need (i32.const 1))
              (local.set $point (i32.and (local.get $b) (i32.const 0x1f)))
              (br $lead)))
          (if (i32.eq (i32.and (local.get $b) (i32.const 0xf0)) (i32.const 0xe0))
            (then
              (local.set $need (i32.const 2))
              (local.set $point (i32.and (local.get $b) (i32.const 0x0f)))
              (if (i32.eq (local.get $b) (i32.const 0xe0)) (then (local.set $lower (i32.const 0xa0))))
              (if (i32.eq (local.get $b) (i32.const 0xed)) (then (local.set $upper (i32.const 0x9f))))
              (br $lead)))
          (if (i32.lt_u (i32.sub (local.get $b) (i32.const 0xf0)) (i32.const 5))
            (then
              (local.set $need (i32.const 3))
              (local.set $point (i32.and (local.get $b) (i32.const 0x07)))
              (if (i32.eq (local.get $b) (i32.const 0xf0)) (then (local.set $lower (i32.const 0x90))))
              (if (i32.eq (local.get $b) (i32.const 0xf4)) (then (local.set $upper (i32.const 0x8f))))
              (br $lead)))
          (local.set $need (i32.const 0))
          (local.set $point (i32.const 0xfffd))
          (global.set $malformed (i32.const 1)))
        (block $read
          (loop $more
            (br_if $read (i32.eqz (local.get $need)))
            (if (i32.lt_u (local.get $i) (local.get $end))
              (then
                (local.set $b (i32.load8_u (local.get $i)))
                (if (i32.and (i32.ge_u (local.get $b) (local.get $lower)) (i32.le_u (local.get $b) (local.get $upper)))
                  (then
                    (local.set $point (i32.or (i32.shl (local.get $point) (i32.const 6)) (i32.and (local.get $b) (i32.const 0x3f))))
                    (local.set $lower (i32.const 0x80))
                    (local.set $upper (i32.const 0xbf))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (local.set $need (i32.sub (local.get $need) (i32.const 1)))
                    (br $more)))))
            (local.set $point (i32.const 0xfffd))
            (global.set $malformed (i32.const 1))))
        (if (i32.lt_u (local.get $point) (i32.const 0x10000))
          (then
            (array.set $chars (local.get $out) (local.get $o) (local.get $point))
            (local.set $o (i32.add (local.get $o) (i32.const 1)))
            (br $next)))
        (local.set $point (i32.sub (local.get $point) (i32.const 0x10000)))
        (array.set $chars (local.get $out) (local.get $o) (i32.or (i32.const 0xd800) (i32.shr_u (local.get $point) (i32.const 10))))
        (array.set $chars (local.get $out) (i32.add (local.get $o) (i32.const 1)) (i32.or (i32.const 0xdc00) (i32.and (local.get $point) (i32.const 0x3ff))))
        (local.set $o (i32.add (local.get $o) (i32.const 2)))
        (br $next)))
    (call $fromCharCodes (local.get $out) (i32.const 0) (local.get $o)))

  (func $encode (export "encode") (param $text externref) (result i32)
    (local $in (ref $chars)) (local $i i32) (local $n i32) (local $o i32) (local $c i32) (local $d i32)
    (local.set $in (global.get $chars))
    (local.set $n (call $intoCharCodes (local.get $text) (local.get $in) (i32.const 0)))
    (loop $next
      (if (i32.ge_u (local.get $i) (local.get $n)) (then (return (local.get $o))))
      (local.set $c (array.get_u $chars (local.get $in) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.lt_u (local.get $c) (i32.const 0x80))
        (then
          (i32.store8 (local.get $o) (local.get $c))
          (local.set $o (i32.add (local.get $o) (i32.const 1)))
          (br $next)))
      (if (i32.lt_u (local.get $c) (i32.const 0x800))
        (then
          (i32.store8 (local.get $o) (i32.or (i32.const 0xc0) (i32.shr_u (local.get $c) (i32.const 6))))
          (i32.store8 offset=1 (local.get $o) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 0x3f))))
          (local.set $o (i32.add (local.get $o) (i32.const 2)))
          (br $next)))
      ;; a high surrogate and a low one are one character; one alone becomes U+FFFD
      (if (i32.eq (i32.and (local.get $c) (i32.const 0xf800)) (i32.const 0xd800))
        (then
          (local.set $d (i32.const 0))
          (if (i32.and (i32.lt_u (local.get $c) (i32.const 0xdc00)) (i32.lt_u (local.get $i) (local.get $n)))
            (then (local.set $d (array.get_u $chars (local.get $in) (local.get $i)))))
          (if (i32.eq (i32.and (local.get $d) (i32.const 0xfc00)) (i32.const 0xdc00))
            (then
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (local.set $c (i32.add (i32.const 0x10000) (i32.or (i32.shl (i32.and (local.get $c) (i32.const 0x3ff)) (i32.const 10)) (i32.and (local.get $d) (i32.const 0x3ff)))))
              (i32.store8 (local.get $o) (i32.or (i32.const 0xf0) (i32.shr_u (local.get $c) (i32.const 18))))
              (i32.store8 offset=1 (local.get $o) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 12)) (i32.const 0x3f))))
              (i32.store8 offset=2 (local.get $o) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 0x3f))))
              (i32.store8 offset=3 (local.get $o) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 0x3f))))
              (local.set $o (i32.add (local.get $o) (i32.const 4)))
              (br $next)))
          (local.set $c (i32.const 0xfffd))))
      (i32.store8 (local.get $o) (i32.or (i32.const 0xe0) (i32.shr_u (local.get $c) (i32.const 12))))
      (i32.store8 offset=1 (local.get $o) (i32.or (i32.const 0x80) (i32.and (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 0x3f))))
      (i32.store8 offset=2 (local.get $o) (i32.or (i32.const 0x80) (i32.and (local.get $c) (i32.const 0x3f))))
      (local.set $o (i32.add (local.get $o) (i32.const 3)))
      (br $next))
    (unreachable)))
