;; Decodes one LZ4 block (lz4_Block_format.md of the LZ4 project). Compiled into lz4-code.ts; see docs/decisions/0018-lz4-decoder.md.
;; Copies run sixteen bytes at a time and up to fifteen past their end: what is written there is written over later, or is room.
(module
  (memory (export "memory") 1)
  ;; From the bytes i … end to o; answers where the output ends. A block that is damaged ends in a trap or in another place than it should.
  (func (export "decode") (param $i i32) (param $end i32) (param $o i32) (result i32)
    (local $token i32) (local $n i32) (local $byte i32) (local $stop i32) (local $from i32) (local $offset i32)
    (block $done
      (loop $sequence
        (local.set $token (i32.load8_u (local.get $i)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        ;; Literals.
        (local.set $n (i32.shr_u (local.get $token) (i32.const 4)))
        (if (i32.eq (local.get $n) (i32.const 15))
          (then
            (loop $more
              (local.set $byte (i32.load8_u (local.get $i)))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (local.set $n (i32.add (local.get $n) (local.get $byte)))
              (br_if $more (i32.eq (local.get $byte) (i32.const 255))))))
        (if (local.get $n)
          (then
            (local.set $stop (i32.add (local.get $o) (local.get $n)))
            (local.set $from (local.get $i))
            (loop $literals
              (v128.store (local.get $o) (v128.load (local.get $from)))
              (local.set $o (i32.add (local.get $o) (i32.const 16)))
              (local.set $from (i32.add (local.get $from) (i32.const 16)))
              (br_if $literals (i32.lt_u (local.get $o) (local.get $stop))))
            (local.set $i (i32.add (local.get $i) (local.get $n)))
            (local.set $o (local.get $stop))))
        ;; The last sequence has no match.
        (br_if $done (i32.ge_u (local.get $i) (local.get $end)))
        ;; What stands `offset` bytes before.
        (local.set $offset (i32.load16_u (local.get $i)))
        (local.set $i (i32.add (local.get $i) (i32.const 2)))
        (local.set $n (i32.and (local.get $token) (i32.const 15)))
        (if (i32.eq (local.get $n) (i32.const 15))
          (then
            (loop $more
              (local.set $byte (i32.load8_u (local.get $i)))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (local.set $n (i32.add (local.get $n) (local.get $byte)))
              (br_if $more (i32.eq (local.get $byte) (i32.const 255))))))
        (local.set $stop (i32.add (i32.add (local.get $o) (local.get $n)) (i32.const 4)))
        (local.set $from (i32.sub (local.get $o) (local.get $offset)))
        (if (i32.ge_u (local.get $offset) (i32.const 16))
          (then
            (loop $wide
              (v128.store (local.get $o) (v128.load (local.get $from)))
              (local.set $o (i32.add (local.get $o) (i32.const 16)))
              (local.set $from (i32.add (local.get $from) (i32.const 16)))
              (br_if $wide (i32.lt_u (local.get $o) (local.get $stop)))))
          ;; It overlaps with what is written.
          (else
            (loop $narrow
              (i32.store8 (local.get $o) (i32.load8_u (local.get $from)))
              (local.set $o (i32.add (local.get $o) (i32.const 1)))
              (local.set $from (i32.add (local.get $from) (i32.const 1)))
              (br_if $narrow (i32.lt_u (local.get $o) (local.get $stop))))))
        (local.set $o (local.get $stop))
        (br $sequence)))
    (local.get $o)))
