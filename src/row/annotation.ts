import {
  type TAnnotation,
  TAnnotationBit,
  type TAnnotationValue,
  TAnnotationValueBit,
} from '../thrift/generated/trace.js'
import type { RowWriter } from './row-writer.js'

// Annotation list (spec: storage.md §4.3):
//   list       => var(count) annotation*
//   annotation => version:i8=0  svar(key)  code:i8  pbytes(value)

const CODE_STRING = 0
const CODE_NULL = 1
const CODE_INT = 2
const CODE_LONG = 3
const CODE_TRUE = 4
const CODE_FALSE = 5
const CODE_BYTE = 7
const CODE_SHORT = 8
const CODE_DOUBLE = 10
const CODE_TEXT = 11
const CODE_INT_STRING = 20
const CODE_INT_STRING_STRING = 21

/** Size of the original collector's receive buffer, which shows in the text of a binary value. */
const JAVA_BUFFER_BYTES = 65507

/** Writes the first `count` annotations; none and an absent list are alike. @param start of the message in bytes */
export function writeAnnotations(
  w: RowWriter,
  bytes: Uint8Array,
  start: number,
  list: TAnnotation[],
  count: number,
): void {
  if (count <= 0) {
    w.i8(0)
    return
  }
  w.var32(count)
  for (let i = 0; i < count; i++) writeAnnotation(w, bytes, start, list[i])
}

function writeAnnotation(w: RowWriter, bytes: Uint8Array, start: number, annotation: TAnnotation): void {
  w.i8(0)
  w.svar32(annotation.key)
  if ((annotation.set & TAnnotationBit.value) === 0 || annotation.value === null) {
    w.i8(CODE_NULL)
    w.pbytes(bytes, 0, -1)
    return
  }
  writeValue(w, bytes, start, annotation.value)
}

function writeValue(w: RowWriter, bytes: Uint8Array, start: number, v: TAnnotationValue): void {
  const set = v.set
  if ((set & TAnnotationValueBit.stringValue) !== 0) {
    w.i8(CODE_STRING)
    w.pstr(bytes, v.stringValueAt, v.stringValueLen)
  } else if ((set & TAnnotationValueBit.intStringStringValue) !== 0) {
    const value = v.intStringStringValue!
    w.i8(CODE_INT_STRING_STRING)
    const at = w.beginSized()
    w.svar32(value.intValue)
    w.pstr(bytes, value.stringValue1At, value.stringValue1Len)
    w.pstr(bytes, value.stringValue2At, value.stringValue2Len)
    w.endSized(at)
  } else if ((set & TAnnotationValueBit.intStringValue) !== 0) {
    const value = v.intStringValue!
    w.i8(CODE_INT_STRING)
    const at = w.beginSized()
    w.svar32(value.intValue)
    w.pstr(bytes, value.stringValueAt, value.stringValueLen)
    w.endSized(at)
  } else if ((set & TAnnotationValueBit.intValue) !== 0) {
    writeInt(w, CODE_INT, v.intValue)
  } else if ((set & TAnnotationValueBit.boolValue) !== 0) {
    w.i8(v.boolValue ? CODE_TRUE : CODE_FALSE)
    w.i8(0)
  } else if ((set & TAnnotationValueBit.longValue) !== 0) {
    w.i8(CODE_LONG)
    const at = w.beginSized()
    w.svar64(v.longValueHi, v.longValueLo)
    w.endSized(at)
  } else if ((set & TAnnotationValueBit.shortValue) !== 0) {
    writeInt(w, CODE_SHORT, v.shortValue)
  } else if ((set & TAnnotationValueBit.doubleValue) !== 0) {
    w.i8(CODE_DOUBLE)
    w.svar32(8)
    w.f64(v.doubleValue)
  } else if ((set & TAnnotationValueBit.byteValue) !== 0) {
    w.i8(CODE_BYTE)
    w.svar32(1)
    w.i8(v.byteValue)
  } else if ((set & TAnnotationValueBit.binaryValue) !== 0) {
    writeBinaryText(w, v.binaryValueAt - start, v.binaryValueLen)
  } else {
    // members that came after 1.5.2: its reader leaves the union empty, and its web reads no other code
    w.i8(CODE_NULL)
    w.pbytes(bytes, 0, -1)
  }
}

function writeInt(w: RowWriter, code: number, value: number): void {
  w.i8(code)
  const at = w.beginSized()
  w.svar32(value)
  w.endSized(at)
}

/** The payload is lost and a text stored, as in the original: see "binaryValue quirk" in the spec. */
function writeBinaryText(w: RowWriter, position: number, length: number): void {
  const text = Buffer.from(`java.nio.HeapByteBuffer[pos=${position} lim=${position + length} cap=${JAVA_BUFFER_BYTES}]`)
  w.i8(CODE_TEXT)
  w.pbytes(text, 0, text.length)
}
