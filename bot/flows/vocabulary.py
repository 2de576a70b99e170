"""The words of the system, in Spanish and English, as `kit.fold` leaves them.

Phrases are written whole, words apart by one space. Spelling by ear and stretched letters
(vaja, berificar, SOSSS) need no entry.
"""

from enum import StrEnum


class Command(StrEnum):
    """What a person may order, whatever word was used for it."""

    JOIN = "join"
    STOP = "stop"
    HELP = "help"
    SOS = "sos"
    TOPICS = "topics"
    LANGUAGE = "language"
    PLACE = "place"
    VERIFY = "verify"
    CONTACTS = "contacts"
    PROGRAMS = "programs"
    PRIVACY = "privacy"
    DATA = "data"
    ERASE = "erase"
    START = "start"


def _set(phrases: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in phrases.split(","))


# Count as the whole message or as its first words, at every moment.
SOS = _set(
    "sos, s o s, s0s, 911, 9 1 1, 91 1, 9 11, nueve once, nueve uno uno, auxilio, auxilo, auxlio,"
    "axilio, auxillio, emergencia, emergecia, emergenca, emrgencia, emergency, help me, helpme,"
    "help us, ayuda urgente, urgente ayuda, urgent help, mayday"
)
# Whole messages only: the first word of a talk about emergencies is no call.
SOS_WHOLE = _set("emergencias, emergencies, socorro, socorro socorro, es una emergencia")

# Whole messages only, as carriers also count them. «No más» is apart: in a case it may be said
# to whoever is hitting.
STOP = _set(
    "baja, stop, alto, cancel, quit, end, revoke, unsubscribe, stopall, stop all, optout, opt out,"
    "darme de baja, dar de baja, darse de baja, dame de baja, deme de baja, denme de baja,"
    "quiero darme de baja, quiero la baja, quiero baja, quiero mi baja, de baja, desuscribir,"
    "desuscribirme, desuscribirse, cancelar suscripcion, cancelar avisos, cancelar mensajes,"
    "no mas avisos, no mas mensajes, no more messages, no more texts, stop messages, stop texts"
)
NO_MORE = _set("no mas, no more")
LEAVE = _set("salir, exit")
GOODBYE = _set("adios, bye, goodbye, good bye, bye bye")
CANCEL = _set("cancelar, cancela, cancele, cancelen")

HELP = _set("ayuda, alluda, help, info, informacion, information")

# First words that take what follows: ALTA TLAXIACO, CONTACTOS FRESNO.
FIRST_WORDS: dict[Command, frozenset[str]] = {
    Command.JOIN: _set("alta, join, subscribe, suscribir, suscribirme, unstop"),
    Command.VERIFY: _set("verificar, verifica, verifiquen, verify, check"),
    Command.CONTACTS: _set("contactos, contatos, contacts"),
    Command.TOPICS: _set("temas, topics"),
    Command.LANGUAGE: _set("idioma, language, lang"),
    Command.PLACE: _set("lugar, place"),
    Command.PROGRAMS: _set("programas, programs"),
}
# Inside a question only these count as first words: each says of itself what it wants.
NEVER_ANSWERS = frozenset({Command.JOIN, Command.VERIFY, Command.CONTACTS, Command.PLACE})

# Whole messages. «Datos de mi hijo: …» is a story and not DATOS, so a person reads it.
WHOLE: dict[Command, frozenset[str]] = {
    Command.START: _set("start, inicio, menu, comenzar, empezar, opciones, options, home"),
    Command.JOIN: _set(
        "darme de alta, quiero darme de alta, dar de alta, quiero avisos, recibir avisos,"
        "quiero recibir avisos, si quiero avisos, sign up, get notices"
    ),
    Command.VERIFY: _set("fraude, es fraude, sera fraude, es un fraude, scam, is it a scam"),
    Command.CONTACTS: _set(
        "contacto, contact, telefonos, telefonos de ayuda, telefonos de emergencia,"
        "contactos de emergencia, numeros de emergencia, consulado, consulate, phone numbers,"
        "emergency numbers, emergency contacts"
    ),
    Command.TOPICS: _set("tema, topic, mis temas, my topics"),
    Command.LANGUAGE: _set("idiomas, lengua, lenguas, cambiar idioma, change language"),
    Command.PLACE: _set("mi lugar, cambiar lugar, cambiar de lugar, my place, change place"),
    Command.PROGRAMS: _set("programa, program"),
    Command.PRIVACY: _set("privacidad, aviso de privacidad, privacy, privacy notice"),
    Command.DATA: _set(
        "datos, mis datos, misdatos, ver mis datos, datos personales, data, my data, mydata"
    ),
    Command.ERASE: _set(
        "borrar, borrar todo, borrar mis datos, borrar datos, borrarme, eliminar mis datos, erase,"
        "erase all, erase everything, erase my data, delete, delete all, delete my data, forget me"
    ),
}
# With the slash of Telegram, as first word at every moment but a case: nobody tells a story so.
SLASH: dict[str, Command] = {
    word: command
    for command, words in (
        (Command.START, "start, inicio, menu"),
        (Command.JOIN, "alta, join, subscribe"),
        (Command.TOPICS, "temas, topics"),
        (Command.LANGUAGE, "idioma, language"),
        (Command.PLACE, "lugar, place"),
        (Command.VERIFY, "verificar, verify, check"),
        (Command.CONTACTS, "contactos, contacts"),
        (Command.PROGRAMS, "programas, programs"),
        (Command.PRIVACY, "privacidad, privacy"),
        (Command.DATA, "misdatos, mydata, datos, data"),
        (Command.ERASE, "borrar, erase, delete"),
    )
    for word in _set(words)
}

GREETINGS = _set(
    "hola, buenas, buenos, buen, dias, dia, tardes, tarde, noches, noche, hello, hi, hey, good,"
    "morning, afternoon, evening, night, oiga, oigan, que, tal, saludos, muy"
)
# Skipped before a cry: «por favor auxilio», «buenas noches, 911».
POLITE = (GREETINGS - {"que", "tal", "muy"}) | _set(
    "por, favor, porfavor, porfa, please, pls, disculpe, disculpen, perdon, senor, senora,"
    "senorita, senores, dios, mio, ay, oh, god, my"
)
STARTS_A_GREETING = _set("hola, buenas, buenos, buen, hello, hi, hey, good, saludos")

# A stop word among these alone («stop please», «baja de todos los avisos») is a wish to leave.
STOP_WORDS = _set("baja, stop, alto, unsubscribe, stopall, optout, quit, cancel, revoke")
BESIDE_STOP = _set(
    "por, favor, porfavor, porfa, please, gracias, thanks, thank, you, ya, now, ahora, ahorita, la,"
    "mi, de, dar, darme, quiero, me, los, las, el, avisos, mensajes, messages, message, texts,"
    "texting, texto, sms, todo, todos, all, the, a, to, sus, estos, these, this, your, it, them,"
    "messaging, sending, hola"
)

# Looser wishes to leave, in the syntax of `alerts.phrasebook`.
WISH_ES = """
    ya? no quiero|queremos|deseo|deseamos recibir|mensajes|mensaje|avisos|aviso|sms|alertas
    |notificaciones|propaganda|publicidad|llamadas|nada|información
    ya? no quiero|queremos más|sus|estos|esos|tantos|este mensajes|avisos|sms|alertas|servicio|nada
    ya no quiero|queremos|deseo $
    ya no quiero|queremos esto|eso|saber|estar en|más
    ya? no quiero|queremos que me|nos? manden|mande|envíen|escriban|escriba|llamen|molesten|lleguen
    no me|nos manden|mande|mandes|envíen|envíe|envíes !a|al|de|para|por
    no me|nos escriban|escriba|escribas|llamen|llame|molesten|moleste|molestes|lleguen
    no manden|envíen|molesten|molestar|escriban más?
    no mande|mandes|envíe más? mensajes|avisos|nada
    quítenme|quítame|quíteme|bórrenme|bórrame|bórreme|elimínenme|elimíneme|sáquenme|sácame|sáqueme
    | de|del la|su|sus|esta|este|las|los|ese|el? lista|listas|grupo|base|sistema|registro
    |mensajes|avisos|envíos
    quítenme|quítame|quíteme|bórrenme|bórrame|bórreme|elimínenme|elimíneme ya? $
    borren|borre|quiten|quite|eliminen|elimine mi número|teléfono|celular|nombre|contacto
    dejen|deja|deje|paren|pare de mandar|mandarme|enviar|enviarme|escribir|escribirme|molestar
    |molestarme|llamar|llamarme|estar|chingar
    déjenme|déjame|déjeme|déjennos ya? por? favor? $
    déjenme|déjame|déjeme|déjennos en paz
    déjenme|déjame|déjeme ya? tranquilo|tranquila
    déjenme|déjame|déjeme de mandar|enviar|molestar|escribir|llamar
    darme|darnos|dame|deme|denme|dennos|doy|den de baja|vaja
    quiero|solicito|pido|quisiera la|mi? baja
    cancelar|cancelen|cancele|cancela|cancelo mi|la|mis|los|las|sus|todos? suscripción|avisos
    |mensajes|servicio|alertas|envíos|registro
    quiero|quisiera|deseo|puedo|cómo salir|salirme|salgo $
    quiero|quisiera|deseo salirme|salir de
    desuscrib*
    no soy esa persona
    número|teléfono equivocado
    equivoca|equivocaron|equivocó|equivocado de? número|persona|teléfono
    ya basta
    ^ basta
    basta de mensajes|avisos
    ya? no más mensajes|avisos|sms|alertas|llamadas|propaganda|por|gracias|no
    ^ ya? no más ya? $
    ^ nomás $
    ^ ya? pare|paren|párenle ya? $
    no me|nos interesa|interesan !perder|morir
    no estoy interesado|interesada
    ^ es? spam $
"""
WISH_EN = """
    remove|delete|unsubscribe me|us
    remove|delete my number|phone|name
    take me|my number off
    leave me|us alone
    stop texting|messaging|sending|contacting|calling|writing|bothering|spamming
    stop all|the|these|this|your|those|with messages|texts|alerts|sms|notices|spam
    ^ stop it|that|now|this $
    dont|never text|message|contact|call|write|send|bother|email me|us|this|my|anymore|again|any
    no more messages|texts|alerts|sms|please|notices
    ^ no more please $
    not interested
    opt me|us? out
    wrong number|person
    i? dont want|need any|more|your|these|the|to get|receive? messages|texts|alerts|notices|sms|any
    i? dont want messages|texts|alerts|this|these|anything
    dont want to receive|get
    lose|forget|erase my number
    quit|end|cancel my|the|these|all|texting|sending messages|texts|subscription|alerts
    want|like to unsubscribe|leave|quit|opt|cancel
"""
