#!/usr/bin/env python3
"""Makes the sandbox's recordings: one WAV a sentence and catalogue.json, in data/.

Run it from anywhere: `python3 libs/sandbox/recordings/make-recordings.py`
It needs libespeak-ng (Debian: libespeak-ng1) and ffmpeg; the product itself needs neither, as the results are committed.

Word times come from eSpeak NG's own WORD events, which count output samples. A word ends where the next one begins,
less the silence between them.
"""

import array
import ctypes
import json
import math
import pathlib
import subprocess
import wave

DATA = pathlib.Path(__file__).parent / "data"
RATE_HZ = 16000
LOUDNESS_DBFS = -20.0
EDGE_MS = 50
SILENCE = 80  # peak of a 10 ms block, in S16 units, below which nobody is speaking

# speaker, language -> eSpeak voice, pitch 0..100, range 0..100, words a minute
VOICES = {
    ("alice", "en"): ("gmw/en+f3", 62, 60, 165),
    ("bob", "en"): ("gmw/en-US+m7", 30, 45, 150),
    ("carol", "fr"): ("roa/fr+f2", 48, 55, 158),
    ("carol", "en"): ("gmw/en-GB-scotland+f2", 48, 55, 172),
}

SENTENCES = [
    ("alice-1", "en", "Good morning everyone, shall we get started?"),
    ("alice-2", "en", "Version four ships to customers next Tuesday."),
    ("alice-3", "en", "Who wants to write the migration guide?"),
    ("alice-4", "en", "People keep asking me about a darker theme."),
    ("alice-5", "en", "Please send your slides before lunch."),
    ("alice-6", "en", "Perfect, that sounds reasonable."),
    ("bob-1", "en", "My team finished every billing test yesterday."),
    ("bob-2", "en", "Testers found two open bugs around login."),
    ("bob-3", "en", "I could take care of our database upgrade."),
    ("bob-4", "en", "The budget allows three more servers this quarter."),
    ("bob-5", "en", "Nobody has answered that question properly."),
    ("bob-6", "en", "Right, happy with that."),
    ("carol-1", "fr", "Bonjour à tous, désolée pour le retard."),
    ("carol-2", "fr", "Le client demande une démonstration vendredi matin."),
    ("carol-3", "fr", "Je prépare les chiffres avant la réunion."),
    ("carol-4", "fr", "Nous cherchons encore un meilleur microphone."),
    ("carol-5", "en", "Marketing needs a short video by August."),
    ("carol-6", "en", "Can somebody explain these latest numbers?"),
    ("carol-7", "fr", "D'accord, merci beaucoup."),
]

SYNCHRONOUS, UTF8, WORD, END = 2, 1, 1, 0
PITCH, RANGE, RATE = 3, 4, 1


class Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_uint64),
    ]


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


def start_espeak():
    espeak = ctypes.CDLL("libespeak-ng.so.1")
    rate_hz = espeak.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
    return espeak, rate_hz


def speak(espeak, voice, text):
    """Returns the samples and, per WORD event, (character offset in the text, sample)."""
    name, pitch, pitch_range, words_a_minute = voice
    samples, words = array.array("h"), []

    def on_audio(wav, count, events):
        if count > 0:
            samples.extend(wav[:count])
        i = 0
        while events[i].type != END:
            if events[i].type == WORD:
                words.append((events[i].text_position - 1, events[i].sample))
            i += 1
        return 0

    callback = CALLBACK(on_audio)
    espeak.espeak_SetSynthCallback(callback)
    if espeak.espeak_SetVoiceByName(name.encode()) != 0:
        raise SystemExit(f"no voice {name}")
    for parameter, value in ((PITCH, pitch), (RANGE, pitch_range), (RATE, words_a_minute)):
        espeak.espeak_SetParameter(parameter, value, 0)
    data = text.encode()
    espeak.espeak_Synth(data, len(data) + 1, 0, 1, 0, UTF8, None, None)
    return samples, words


def resample(samples, rate_hz):
    command = ["ffmpeg", "-v", "error", "-f", "s16le", "-ar", str(rate_hz), "-ac", "1", "-i", "-"]
    command += ["-af", "aresample=resampler=swr:filter_size=64", "-f", "s16le", "-ar", str(RATE_HZ), "-"]
    result = subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True)
    return array.array("h", result.stdout)


def is_quiet(samples, start, end):
    return max((abs(s) for s in samples[max(0, start) : end]), default=0) < SILENCE


def voiced_span(samples, start, end):
    """The part of start..end between its first and last audible 5 ms."""
    step = RATE_HZ // 200
    while start + step < end and is_quiet(samples, start, start + step):
        start += step
    while end - step > start and is_quiet(samples, end - step, end):
        end -= step
    return start, end


def to_loudness(samples):
    rms = math.sqrt(sum(s * s for s in samples) / len(samples))
    gain = 32768 * 10 ** (LOUDNESS_DBFS / 20) / rms
    loudest = max(abs(s) for s in samples) * gain
    if loudest > 32000:
        raise SystemExit(f"would clip: {loudest}")
    return array.array("h", (round(s * gain) for s in samples))


def tokens(text):
    offset, found = 0, []
    for token in text.split():
        offset = text.index(token, offset)
        found.append((token, offset))
        offset += len(token)
    return found


def word_starts(text, events):
    """One start a written word: eSpeak may report several events inside it ("D'accord") but never none."""
    starts = []
    for token, offset in tokens(text):
        inside = [sample for position, sample in events if offset <= position < offset + len(token)]
        if not inside:
            raise SystemExit(f"no event for {token!r} in {text!r}: {events}")
        starts.append((token, min(inside)))
    return starts


def record(espeak, rate_hz, sentence_id, language, text):
    speaker = sentence_id.split("-")[0]
    raw, events = speak(espeak, VOICES[speaker, language], text)
    spoken = resample(raw, rate_hz)
    first, last = voiced_span(spoken, 0, len(spoken))
    edge = array.array("h", bytes(2 * EDGE_MS * RATE_HZ // 1000))
    begin = first - len(edge)
    starts = [(token, round(sample * RATE_HZ / rate_hz)) for token, sample in word_starts(text, events)]
    bounds = [start for _, start in starts][1:] + [last]
    words = []
    for (token, start), bound in zip(starts, bounds):
        start, end = voiced_span(spoken, start, bound)
        words.append({"text": token, "startMs": ms(start - begin), "endMs": ms(end - begin)})
    write_wav(DATA / f"{sentence_id}.wav", edge + to_loudness(spoken[first:last]) + edge)
    return {"id": sentence_id, "speaker": speaker, "language": language, "text": text, "words": words}


def ms(samples):
    return round(samples * 1000 / RATE_HZ)


def write_wav(path, samples):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())


def main():
    DATA.mkdir(exist_ok=True)
    espeak, rate_hz = start_espeak()
    catalogue = [record(espeak, rate_hz, *sentence) for sentence in SENTENCES]
    (DATA / "catalogue.json").write_text(json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
