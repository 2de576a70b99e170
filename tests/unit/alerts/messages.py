"""Invented messages, one a line: people in danger, and people with everyday matters."""

IN_DANGER = """
me tienen
me tienen en una casa en Tijuana
me tienen, que hago
me tienen amarrado y no me dejan salir
no me dejan salir
no m djan salir
no me degan salir
me secuestraron
me sekuestraron
me an secuestrado
me quiero morir
ya no quiero vivir
me vienen siguiendo
alto, me vienen siguiendo
me bienen sigiendo
me están golpeando
me stan golpeando
me tan pegando
no más golpes
llamé al 911 y nadie contesta
yame al 911 y nadie contesta
marque al 911 y no responden
me van a matar
me kieren matar
me ban a matar
nos van a matar si no pagamos
estoy encerrada
estoy enserada
estamos encerrados en una bodega
por favor auxilio me pegan
necesito auxilio
hola auxilo
ayúdenme
ayudenme por favor
alludenme
ayudenme con mi hijo lo tienen
hayudenme
ayúdame
nos tienen en un cuarto y no nos dejan hablar
mi patrón no me deja ir
nos quitaron los pasaportes y no nos dejan salir
nos quitaron los celulares
se llevaron a mi hijo
se lo llevaron anoche
mi hijo no aparece
mi hijo no llega a Nogales
no sabemos nada de mi esposo desde el lunes
no aparece mi hija
mi hermana está desaparecida
la migra está afuera
me agarró la migra
me detuvo migración
detuvieron a mi esposo
hay redada en el campo
mi esposo me pega
mi marido me golpea y me amenaza
me amenazaron
nos apuntaron con una pistola
hay balacera
estoy herido
está sangrando mucho
mi papá me viola
me violaron
me voy a matar
quiero suicidarme
me quiero matar
ya no aguanto más
ya no puedo más
nos abandonó el coyote en el desierto
estamos perdidos en el desierto sin agua
estoy perdida
llevamos dos días sin comer
no puedo respirar
mi bebé no respira
se está muriendo
tuvimos un accidente
nos volcamos
estamos dentro de un trailer y no hay aire
piden rescate por mi hermano
me piden rescate
me extorsionan
dicen que tienen a mi hijo
tienen a mi hija y piden dinero
si no pagamos lo van a matar
un carro me sigue
me sigue un carro
me siguen unos hombres
me están siguiendo
andan tras de mí
vienen por mí
déjenme salir
suéltenme
sáquenme de aquí
quiero salir de aquí
manden a la policía
llamen a la policía
vengan por mi
corro peligro
estoy en peligro
tengo miedo
tengo mucho miedo me va a encontrar
me obligan a trabajar
me obligan a prostituirme
nos tienen trabajando a la fuerza
me vendieron
no puedo hablar
no puedo salir
es una emergencia
ayuda urgente
necesito ayuda
por favor ayuda
buenas noches necesito ayuda por favor
ayuda ayuda
ayuda me pegan
socorro
mi hijo está grave SOS
mi hijo 🆘
mi hermano está detenido
quiero irme de aquí y no me dejan
no me quieren soltar
me traen amarrado
me llevan en una camioneta me taparon los ojos
me subieron a una camioneta
help me please I am locked in
they are holding me
they're holding me
they won't let me leave
they wont let me leave
kidnapped
I was kidnapped
i want to die
I'm being followed
he is beating me
he hit me
my husband hits me
they took my son
they took my passport
ICE took my husband
my son is missing
I can't find my daughter
we are lost in the desert
I can't breathe
they are going to kill me
he has a gun
call the police
i called 911 and no one answers
please help
please help us
I want to kill myself
they have me
im being held against my will
he threatened me
she is bleeding
someone is following me
stop hitting me
we cant leave the farm they keep our passports
there was an accident
they want ransom
don't kill me
auxilio
nadie me ayuda
no deja que llame a mi familia
mi novio no me deja hablar con nadie
nos tienen sin comer
me estan buscando para matarme
me buscan
lo mataron y vienen por mi
a mi tio lo levantaron
levantaron a mi primo
perdimos contacto con mi hermano
no contesta mi esposo desde ayer
mi esposo cruzó el lunes y no ha llamado
mi hija no ha regresado
nos dejaron tirados en el monte
me quiero aventar del puente
no quiero vivir
ya no quiero estar viva
mejor estaría muerta
le estan pegando a mi mama
estan golpeando a mi hijo
golpearon a mi hijo
me corretean
ayudame a salir de aqui
k me ayuden me tienen ensarada
me tiene encerrada
me tienen secuestrada en un hotel de reynosa ayuda
no los dejan salir
no nos dejan ir
el patron no nos deja salir del rancho
tienen a mi familia
me van a desaparecer
me quieren llevar
nos llevaron a la fuerza
se llevo a mis hijos
robaron a mi niña
mi ex me persigue
me anda buscando
intoxicados por pesticida
se desmayó
no despierta
golpe de calor
el señor con el que trabajo no nos paga y nos encierra en la noche
ya no sé qué hacer mi marido me va a matar
unos hombres se metieron a la casa y se llevaron a mi papá
me subieron a la fuerza a una van
estamos en una casa de seguridad en reynosa
no sé dónde estoy, me trajeron con los ojos tapados
nos tienen 20 personas en un cuarto
dicen q me van a matar si no paga mi familia
mi cuñado se fue con un pollero hace 5 dias y no sabemos de el
mi hijo cruzo el desierto y se quedo atras
lo dejaron en el desierto
se quedo en el desierto con el pie quebrado
mi prima esta muy mal, no despierta
me robaron y me golpearon en la frontera
la migra entró a la casa de mi hermana
ICE está en mi trabajo
nos están deteniendo
me tienen detenido en una hielera
estoy en la hielera
estoy detenido en adelanto california
me separaron de mi hijo
me quitaron a mi hija
me quitaron a mis hijos
mi papá me toca en la noche
mi patron me toca
abusa de mi mi padrastro
me obliga a tener relaciones
me encerró con llave
cerraron con candado y no podemos salir
el capataz trae pistola y no nos deja ir
nos amenazan con la migra si nos vamos
nos amenazan con matar a la familia
quiero escaparme
me escape y me andan buscando
ando escondida porque me busca
me están cazando
balearon la camioneta
hay muertos
mataron a mi primo y ahora vienen por nosotros
no aguanto más quiero acabar con todo
ya no le encuentro sentido a la vida
me corté las venas
me tomé muchas pastillas
tengo ganas de matarme
adios a todos ya no voy a estar
cuiden a mis hijos
no me busquen ya
mi bebé tiene mucha fiebre y estamos en el monte
se nos acabó el agua
estamos atrapados en un trailer
estoy tirado en la carretera
nos atropellaron
me cayó una máquina encima
me mordió una víbora
me picó un alacrán
me estoy desangrando
perdí mucha sangre
mi esposa está dando a luz aqui en el campo
se incendió la casa con gente adentro
nos cayó la policía
me secuestro un taxista
le hablaron a mi mamá que me tienen secuestrado
piden 10000 dolares por soltarlo
me llamaron y dicen que tienen a mi hermano
mi novio me quiere vender
me traen de un lugar a otro
me prostituyen
no me dejan ni ir al baño
no nos dan de comer
nos pegan si no trabajamos
me esconde mi pasaporte el patron
no me devuelven mi pasaporte
help im scared
help he is going to kill me
my boss wont give me my passport
they locked us in
we are locked in a truck
i cant get out
they have my brother
my brother got kidnapped
my husband was taken by ice
immigration took my dad
i am in detention
my daughter didnt come home
my son hasnt called since monday
he is hitting me
he wants to kill me
i am bleeding
i took pills
i dont want to live anymore
someone is outside my house
they are outside
men with guns
we have no water in the desert
my friend is not waking up
he raped me
i was raped
there's a fire
call 911 please
he will find me
please hurry
vengan rapido
apurense por favor
los malandros nos tienen
los zetas me agarraron
el cartel me tiene
aiuda me tienen
ausilio
Auxiiiilio
secuestrada
violacion
estoy en peligro de muerte
nos van a quemar la casa
nos corrieron a balazos
mi ex viene a matarme
le puso una pistola a mi hijo
golpea a mis hijos
maltrata a mis hijos
esta muriendo mi abuela
llamen a alguien me muero
me muero
no puedo mas
sin agua y sin comida desde ayer
oiga mi hija se fue a trabajar a tijuana y ya no contesta el celular
a mi esposo lo bajaron del camion unos hombres
nos bajaron del autobus los de la maña
el mayordomo no nos deja salir en la noche y cierra la puerta con candado
tengo 15 años y me quieren casar a la fuerza
mi papa me quiere vender por dinero
un señor me trajo y ahora dice q le debo y no me puedo ir
dice que le debo dinero y no me puedo ir
me tienen trabajando sin pago y nos cuidan con armas
estoy sola en la frontera y me vienen siguiendo dos hombres
tengo mucho miedo hay hombres afuera
hay hombres afuera de mi casa
quieren tumbar la puerta
mi hermano lo mataron
balacearon a mi primo
se oyen balazos
escondida en el baño
estoy en el baño escondida mi marido anda borracho
mi marido anda tomado y me quiere pegar
anda borracho y trae un cuchillo
ya me pegó otra vez
me rompió la nariz
me dejó el ojo morado
me quiere quitar a mis hijos
se llevo a la niña su papá
mi hermana cruzo por sonora y la soltaron sola
nos asaltaron y nos quitaron todo
los coyotes quieren mas dinero o no nos sueltan
el pollero pide mas dinero para soltarla
mi sobrino esta secuestrado en piedras negras
llevo tres dias caminando
ya no tengo pila y estoy en el monte
se me esta acabando la pila ayuda
tengo frio y no puedo caminar
mi compañero ya no puede caminar
se quebró el pie en el cerro
esta vomitando sangre
se esta convulsionando
le dio un infarto a mi papa
trae fiebre muy alta mi bebe
estoy embarazada y estoy sangrando
me violaron en el camino
quiero morirme
no tiene caso seguir viviendo
nadie me va a extrañar
me voy a tirar al tren
me agarro ice en la corte
arrestaron a mi mama en la marqueta
ice se llevo a mi papa
entraron a mi trabajo los de ice
hay una redada en la yarda
estamos escondidos en el freezer por la redada
me tienen sin papeles y sin celular este es prestado
ayuda plis
ayuda porfa
plz help
i need help my dad is drunk and hitting my mom
im locked in the bathroom
my uncle touches me
they make us work and dont pay us and we cant go
the coyote left us
my cousin got taken by the cartel
cartel has my brother
we are in a stash house
i am hiding
please dont let them take me
""".strip().splitlines()

EVERYDAY = """
programa de ayuda
programas de ayuda para mi mamá
ayuda para mi mamá
me tienen que dar informes
me tienen q dar informes
¿me pueden dar informes del programa?
me tienen en lista de espera
me tienen registrado en el padrón
me tienen esperando desde enero
¿cuándo me toca mi cita?
mi trámite está detenido
está retenido mi pago
el apoyo está detenido
quiero sacar mi acta de nacimiento
necesito ayuda con mi acta de nacimiento
ayúdeme con mi trámite por favor
me pueden ayudar con el traslado de mi papá
busco trabajo en Estados Unidos
me piden 5000 por una visa
VERIFICAR 5550100 me piden 5000 por una visa
me cobran 2000 pesos por el contrato
me deportaron y quiero saber de apoyos
mi esposo vive en California y quiere su doble nacionalidad
no me aparece la página
no aparece mi nombre en la lista
no aparece mi pago
no me deja entrar a la página
la aplicación no me deja entrar
no puedo salir de la aplicación
primeros auxilios
¿dan cursos de primeros auxilios?
apoyo de auxilio económico
señora María del Socorro
me llamo Socorro López
sáquenme de la lista
quítenme de la lista
ya no quiero mensajes
déjenme en paz
déjenme
no me manden mensajes
hola
buenas tardes
gracias por la información
que tengan buen día
quiero hablar con una persona
¿a qué hora abren?
¿dónde están las oficinas?
mi mamá no ha recibido su apoyo
a mi papá le deben dinero
mi patrón no me pagó
me muero de risa
me quiero morir de la risa
no llegamos a fin de mes
mi familia no llega a fin de mes
tengo miedo de que sea fraude
violaron mis derechos laborales
¿qué programas hay contra la violencia?
aviso de extravío de pasaporte
se me perdió el pasaporte
se perdió mi credencial
perdí mi acta
no encuentro la oficina
no sé dónde está la oficina
no sé de qué municipio es
nos dejaron un recado
me dejaron sin respuesta
me sigue saliendo error
me siguen cobrando
me sigue en facebook
mi pueblo es San Juan Mixtepec
Baja California
soy de Tlaxiaco
tengo dos hijos
tienen dos hijos y viven en Fresno
tienen una hija en Oaxaca
mi hijo va a la escuela
¿mi hijo puede entrar al programa?
no sé dónde puede registrarse mi hijo
quiero que me ayuden con una beca
alguien que me ayude con mi beca
contactos de emergencia
teléfonos de emergencia en Fresno
¿qué número marco en Tijuana?
el consulado no contesta
nadie contesta en el consulado
nadie me ha contestado mi solicitud
el programa de vivienda
me interesa el programa de remesas
¿cuánto cuesta el pasaporte?
me van a llamar mañana
me van a dar el apoyo
me quieren vender una visa H2A
me van a vender un terreno
necesito una carta
no me han pagado
ya no puedo ir a la cita
está muy caro
está muy lejos
llevo dos meses esperando
me llegó un mensaje raro
es fraude?
me ofrecen trabajo en Canadá
me apunto al programa
le robaron el celular
quiero cambiar de idioma
me siento triste
1
SI
NO
no gracias
ok
si quiero
quiero darme de baja
stop
baja
help
info
how do I get my birth certificate
can you help me with my passport
I need information about programs
thank you
what programs are there
where is the consulate in Fresno
my check is missing
I want to help my mother with the program
keep me posted
no thank you
remove me from the list
leave me alone
please stop texting me
I lost my ID
my son needs a birth certificate
is this a scam
they ask for 500 dollars for a visa
tell me more
me preocupa mi trámite
salí de mi pueblo hace años
mi papá murió ayer y quiero traer su cuerpo
falleció mi hermano en Los Ángeles
quiero mandar dinero a mi familia
me gustaría recibir avisos
me tienen harto con tantos mensajes
lo tienen en inglés?
los tienen disponibles?
me tiene preocupada mi trámite
la señora tiene a su cargo tres niños
a quien le toca
cuando me toque mi turno
tienen talleres para mujeres
¿qué hago si llega la migra?
corte de luz
mi casa se quemó el año pasado
quiero regresar a Oaxaca
quiero volver a mi pueblo
me quiero ir a Estados Unidos
quiero salir del país con permiso
voy a salir mañana
no quiero nada
no me interesa
seguro popular
seguro de vida
mi hijo nació en Estados Unidos y no habla español
buenas tardes disculpe quisiera saber los requisitos para el programa
¿todavía hay cupo en el taller?
mi papá trabaja en el campo en San Quintín
quisiera inscribir a mi hija en la escuela de inglés
mi hermano vive en Fresno y quiere votar
cómo saco la matrícula consular
se me venció el pasaporte
quiero traer a mi esposa a California
mi esposo tiene residencia
cuánto tarda el trámite
ya mandé mis papeles y no me responden
nadie me responde
no me contestan el teléfono
me dijeron que aquí me ayudan
me ayudan por favor con un traslado
ocupo un apoyo económico
ocupo informes
quiero poner una queja del consulado
hay apoyo para retornados?
me regresaron de Estados Unidos ayer y no tengo donde dormir
mi visa fue negada
cómo denuncio un fraude
me estafaron con una visa
un coyote me quedó mal
me robaron mi dinero
perdí mi empleo
perdí mi visa
mi hijo se gradúa
mi hijo tiene tarea
no encuentro trabajo
busco a un abogado
busco abogado para mi hermano
mi papá está enfermo de diabetes
mi mamá está en el hospital
me duele la cabeza
se cayó el sistema
la página está caída
me urge mi acta
me urge hablar con alguien
es urgente mi trámite
cuándo llega el cheque
todavía no llega mi apoyo
no ha llegado mi apoyo
no ha llegado el apoyo de mi mamá
¿cuándo van a llamar a mi papá para el apoyo?
ya salí de trabajar
voy saliendo
estoy en Tijuana
estoy en casa
estoy esperando
estoy buscando información
estamos bien gracias a Dios
todo bien
gracias ya me ayudaron
la policía comunitaria de mi pueblo
el agente municipal no me quiere dar la constancia
no me quieren dar mi constancia
no me quieren pagar
no me dejan inscribirme
no me dejan meter mis papeles
no me dejan entrar al albergue
no quiero problemas
tengo problemas con mi CURP
tengo una duda
tengo una pregunta urgente
soy madre soltera
mi esposo me dejó con tres hijos
mi marido no manda dinero
pensión alimenticia
mi esposo no se hace responsable
doble nacionalidad de mis hijos
mis hijos nacieron allá
mi tío falleció en Chicago
necesito repatriar el cuerpo de mi tío
me van a deportar?
me van a operar
me van a pagar el viernes
nos van a dar despensa
me quieren cobrar 3000
me quiero inscribir
me quiero registrar
me quiero regresar a mi tierra
quiero cambiar mi pueblo
quiero bajar la aplicación
bajar el volumen
alto nivel
buenas noches es programa de bodas?
tianguis artesanal cuando es
el 911 de allá es igual?
cuál es el número de la migra
qué hago si me detienen
qué derechos tengo
derechos humanos
carta poder
seguro social
mandar paquetes
remesas
me puedes mandar la lista
me puede llamar
me pueden marcar
no tengo saldo
mi número cambió
este es mi nuevo número
good morning
what time do you open
I need a lawyer
my husband is in Oaxaca
my mom needs a passport
how can I help
I can't find the form
I can't find my birth certificate
they have my papers at the office
is the office open
he has a green card
my son is 5 years old
I lost my passport
they took my application
please call me
call me back
thanks for the help
where can I get help with rent
I am looking for a job
no me sirve el enlace
me aparece error
me marca error
se perdió la señal
nos vemos mañana
me toca firmar
me siguen en la lista
sigo esperando
me gusta su programa
buen dia, me podria dar informes de la beca
hola soy de huajuapan
que documentos piden para el acta
me piden el acta original
a que numero puedo llamar
me dieron su numero en el municipio
quien es usted
que es esto
no entiendo
no se leer
soy mixteco
hablo triqui
mi pueblo no tiene carretera
necesitamos agua en mi pueblo
se cayó el puente de mi pueblo
quiero vender mi artesania
donde compro los boletos
mi primo maneja un camion
trabajo en la bodega
trabajo en un rancho en Salinas
vivo en un cuarto con mi hermano
voy a salir de vacaciones
mi hijo salio de la escuela
mi hijo salió bien
cuando sale la convocatoria
me quedé sin trabajo
me quedé sin dinero
me lastimé trabajando y no me pagan
no me quiere pagar el patrón
mi patrón no me deja faltar
me descontaron
tengo cita mañana
perdí la cita
me cancelaron la cita
se tardaron mucho
le hablé al consulado
llamé al consulado y nadie contesta
quiero llevar a mi mamá
quiero llevarme a mis hijos a California
mi hija quiere estudiar
puedo llevar mi camioneta a Oaxaca
cuanto pago por internar mi troca
cruzar con perros
cruzar la frontera con mi hija nacida allá
me faltan papeles
se llevaron mis papeles a la oficina
me pidieron mi acta
vinieron a mi casa a encuestar
vienen por mi pueblo?
van a venir a mi pueblo
los del programa nunca vinieron
buscamos apoyo para una cancha
buscamos a la banda para la fiesta
que padre
la fiesta del pueblo
feliz año
dios los bendiga
mi mamá murió hace un mes
quiero el acta de defunción de mi papá
estoy embarazada y quiero saber del seguro
tengo 15 años y quiero estudiar
cuento con 65 años
mi casa esta en obra negra
estoy sola con mis hijos
yes I want notices
how much is the passport
is there an office in LA
my dad passed away
I need to send the body home
what is ALTA
who are you
what is this number
""".strip().splitlines()
