/** French, as one would speak to a patient: polite, simple, short. */
import type { LanguageTexts } from "./texts.ts";

/** Every text of the page in French. */
export const french: LanguageTexts = {
  page: {
    documentTitle: "Consultation vidéo",
    visitWith: "Votre consultation avec {name}",
    visit: "Votre consultation vidéo",
    nextOpen: "L’appel démarre tout seul. Gardez cette page ouverte.",
    nextWaiting: "L’appel démarre tout seul dès l’arrivée de {name}. Gardez cette page ouverte.",
    noScript:
      "L’appel vidéo a besoin de JavaScript, qui est désactivé ici. Activez-le dans les réglages, ou ouvrez cette consultation sur un autre appareil.",
    peopleInCall: "Personnes dans l’appel",
    controls: "Commandes de l’appel",
    microphone: "Couper le micro",
    camera: "Couper la caméra",
    leave: "Quitter",
    close: "Fermer",
    chat: "Messages",
    closeChat: "Fermer les messages",
    chatEmpty:
      "Écrivez à toutes les personnes de l’appel. Les messages ne sont pas gardés après la consultation.",
    message: "Message",
    send: "Envoyer",
    tooLong: "Ce message est trop long. Envoyez-le en plusieurs parties.",
    more: "Plus",
    language: "Langue",
    flipCamera: "Retourner la caméra",
    shareScreen: "Partager l’écran",
    soundOutput: "Haut-parleur",
    oneLarge: "Agrandir la personne qui parle",
    dataSaver: "Économiser les données",
    withVideo: "Son et vidéo",
    soundOnly: "Son seul",
    howToJoin: "Comment participer",
    microphoneLevel: "Niveau du micro",
    whichMicrophone: "Micro",
    whichCamera: "Caméra",
    restore: "Rétablir le son et la caméra",
    lightColours: "Couleurs claires",
    moveSelf: "Déplacer votre image dans un autre coin",
    captions: "Sous-titres",
    sharing: "Vous partagez votre écran",
    stopSharing: "Arrêter le partage",
    leaveTitle: "Quitter la consultation ?",
    endForAll: "Terminer pour tous",
    stay: "Rester",
    endFailed: "La consultation n’a pas pu être terminée pour tous. Réessayez.",
    howWas: "Comment étaient le son et l’image ?",
    good: "Bien",
    bad: "Pas bien",
    whatWasWrong: "Qu’est-ce qui n’allait pas ?",
    notHeard: "On ne m’entendait pas",
    noSound: "Je n’entendais pas",
    badPicture: "L’image était mauvaise",
    brokeOff: "L’appel a coupé",
    somethingElse: "Autre chose",
    done: "Terminé",
    closeVisit: "Fermer la consultation",
    reference: "Référence",
    tryAgain: "Réessayer",
    opensAt: "Vous pourrez entrer à partir de {time}.",
    opensIn: "Ouverture dans {time}",
    joinTitle: "Votre consultation vidéo est prête",
    joinDetail:
      "Ce lien ne sert qu’une fois. Touchez le bouton sur le téléphone ou l’ordinateur que vous voulez utiliser.",
    joinButton: "Rejoindre la consultation",
  },
  document: {
    loading: "Préparation de l’appel…",
    waiting: "En attente de {name}",
    connecting: "Connexion…",
    reconnecting: "Connexion perdue. Reconnexion…",
    left: "Vous avez quitté la consultation",
    leftHelp: "Vous pouvez fermer cette page, ou revenir dans l’appel.",
    ended: "La consultation est terminée",
    endedHelp: "Vous pouvez maintenant fermer cette page.",
    failed: "L’appel n’a pas pu se connecter",
    failedHelp: "Vérifiez votre connexion internet, puis réessayez.",
    sdkFailed: "L’appel vidéo ne s’est pas chargé",
    sdkTimeout: "L’appel vidéo est lent à charger",
    unsupported: "Cette application ne permet pas les appels vidéo",
    unsupportedHelp: "Mettez-la à jour, ou ouvrez votre consultation dans Chrome ou Safari.",
    noMicrophone:
      "Aucun micro n’a été trouvé. Vous voyez et entendez, mais personne ne vous entend.",
    noCamera: "Aucune caméra n’a été trouvée. On vous entend, mais on ne vous voit pas.",
    microphoneBusy:
      "Une autre application utilise le micro. Fermez-la, puis touchez « Activer le micro ».",
    cameraBusy:
      "Une autre application utilise la caméra. Fermez-la, puis touchez « Activer la caméra ».",
    retry: "Réessayer",
    rejoin: "Revenir dans l’appel",
    lobby: "Vérifiez l’image et le son, puis rejoignez l’appel.",
    joinNow: "Rejoindre la consultation",
    iAmReady: "C’est prêt",
    isReady: "Tout est prêt. L’appel démarre tout seul dès l’arrivée de {name}.",
    expected: "On vous attend. {name} verra que vous attendez.",
    isWaiting: "{name} vous attend.",
    perHour: "environ {count} Mo par heure",
    allowAndroidApp:
      "Ouvrez les paramètres du téléphone, puis Applications, cette application, Autorisations. Autorisez la caméra et le micro, puis revenez.",
    allowIosApp:
      "Ouvrez Réglages sur votre iPhone, puis cette application. Activez la caméra et le micro, puis revenez.",
    allowChrome:
      "Touchez le signe à côté de l’adresse, puis Autorisations. Autorisez la caméra et le micro, puis rechargez la page.",
    allowSafari:
      "Touchez le signe à côté de l’adresse, puis Réglages du site web. Autorisez la caméra et le micro, puis rechargez la page.",
    offline: "Votre appareil est hors ligne. L’appel reprend au retour du réseau.",
  },
  call: {
    frontCamera: "Caméra avant",
    backCamera: "Caméra arrière",
    microphoneOf: "Micro {count}",
    cameraOf: "Caméra {count}",
    inCall: "Vous êtes dans l’appel",
    alone: "En attente de l’arrivée de {name}",
    removed: "On vous a fait sortir de l’appel",
    removedHelp: "Si c’est une erreur, contactez votre établissement.",
    joinedElsewhere: "La consultation est ouverte sur un autre appareil",
    joinedElsewhereHelp: "Elle continue là-bas. Pour la reprendre ici, touchez le bouton.",
    full: "L’appel est complet",
    fullHelp: "Réessayez dans un instant.",
    tapToHear: "Toucher pour entendre",
    microphoneRefused:
      "Votre micro est bloqué. Autorisez-le dans les réglages, puis touchez « Activer le micro ». D’ici là, vous pouvez écouter.",
    cameraRefused:
      "Votre caméra est bloquée. Autorisez-la dans les réglages, puis touchez « Activer la caméra ». L’appel continue sans elle.",
    microphoneWaiting: "Autorisez le micro pour que les autres vous entendent.",
    mute: "Couper le micro",
    unmute: "Activer le micro",
    cameraOn: "Activer la caméra",
    cameraOff: "Couper la caméra",
    continueHere: "Continuer ici",
    you: "Vous",
    guest: "Personne invitée",
    joined: "{name} est dans l’appel",
    gone: "{name} a quitté l’appel",
    poorSelf: "Votre connexion est mauvaise",
    poorOther: "{name} a une mauvaise connexion",
    pausedForSound: "Les images sont en pause pour garder le son.",
    onHold: "L’appel est en attente",
    dataUsed: "{count} Mo utilisés",
    chatUnread: "Messages, {count} non lus",
    newMessage: "Nouveau message de {name}",
    sending: "Envoi…",
    sent: "Envoyé",
    notSent: "Non envoyé",
    tileMuted: "{name}, micro coupé",
    tileUnmuted: "{name}, micro activé",
    tileTalking: "{name}, en train de parler",
    screenOf: "Écran de {name}",
    shareFailed: "L’écran n’a pas pu être partagé.",
    thanks: "Merci de votre retour.",
  },
  problems: {
    "unauthenticated": {
      title: "Veuillez vous reconnecter",
      detail:
        "Nous n’avons pas pu vérifier qui vous êtes : la consultation ne peut donc pas s’ouvrir.",
      nextStep:
        "Retournez dans votre application, connectez-vous et ouvrez la consultation depuis là.",
    },
    "pass-spent": {
      title: "Ce lien a déjà servi",
      detail: "Pour votre sécurité, chaque lien vers une consultation ne s’ouvre qu’une fois.",
      nextStep:
        "Retournez dans votre application et ouvrez de nouveau la consultation : vous recevrez un nouveau lien.",
    },
    "pass-expired": {
      title: "Ce lien est trop ancien",
      detail: "Pour votre sécurité, un lien vers une consultation ne marche que peu de temps.",
      nextStep:
        "Retournez dans votre application et ouvrez de nouveau la consultation : vous recevrez un nouveau lien.",
    },
    "visit-not-found": {
      title: "Consultation introuvable",
      detail: "Le lien est peut-être incomplet, ou la consultation appartient à un autre compte.",
      nextStep:
        "Vérifiez que vous êtes connecté avec le bon compte, ou demandez à votre établissement.",
    },
    "too-early": {
      title: "Vous êtes en avance",
      detail: "Votre consultation n’est pas encore ouverte. Tout va bien.",
      nextStep: "Gardez cette page ouverte : elle vous fera entrer à l’heure.",
    },
    "visit-over": {
      title: "Cette consultation est terminée",
      detail: "L’heure de cette consultation est passée : l’appel ne peut plus s’ouvrir.",
      nextStep:
        "Si vous l’avez manquée ou avez encore besoin d’aide, contactez votre établissement.",
    },
    "visit-cancelled": {
      title: "Cette consultation a été annulée",
      detail: "La consultation n’aura pas lieu à cette heure.",
      nextStep:
        "Cherchez un nouveau rendez-vous dans votre application, ou contactez votre établissement.",
    },
    "video-disabled": {
      title: "Pas d’appel vidéo pour cette consultation",
      detail: "Elle se passe autrement, par exemple sur place ou par téléphone.",
      nextStep: "Regardez dans votre application comment et où elle a lieu.",
    },
    "not-allowed": {
      title: "Action non autorisée",
      detail: "Seul le soignant de cette consultation peut faire cela.",
      nextStep: "Retournez à la consultation.",
    },
    "busy": {
      title: "Beaucoup de personnes se connectent",
      detail: "Votre consultation est maintenue. L’appel demande quelques secondes de plus.",
      nextStep: "Attendez un instant, puis réessayez.",
    },
    "upstream-unavailable": {
      title: "Le service vidéo ne répond pas",
      detail: "Votre consultation est maintenue, mais l’appel ne peut pas s’ouvrir pour l’instant.",
      nextStep: "Réessayez dans une minute. Si cela échoue encore, appelez votre établissement.",
    },
    "misconfigured": {
      title: "Un problème de notre côté",
      detail: "L’appel vidéo n’est pas réglé correctement. Vous n’y êtes pour rien.",
      nextStep: "Prévenez votre établissement et donnez-lui la référence ci-dessous.",
    },
    "visit-misconfigured": {
      title: "Votre établissement doit corriger cette consultation",
      detail:
        "Des informations de cette consultation manquent ou sont fausses, l’appel ne peut donc pas s’ouvrir. Vous n’y êtes pour rien.",
      nextStep:
        "Prévenez votre établissement et donnez-lui la référence ci-dessous. Puis réessayez.",
    },
    "bad-request": {
      title: "Ce lien est incomplet",
      detail: "Une partie du lien manque ou a été modifiée en chemin.",
      nextStep: "Retournez dans votre application et ouvrez la consultation depuis là.",
    },
    "payload-too-large": {
      title: "Trop de données à la fois",
      detail: "La page a envoyé plus de données que nous n’en acceptons.",
      nextStep: "Ouvrez de nouveau la consultation depuis votre application.",
    },
    "method-not-allowed": {
      title: "Cette page ne s’ouvre pas ainsi",
      detail: "La consultation a été demandée d’une façon qui ne marche pas.",
      nextStep: "Retournez dans votre application et ouvrez la consultation depuis là.",
    },
    "rate-limited": {
      title: "Trop d’essais",
      detail: "La consultation a été ouverte très souvent en peu de temps.",
      nextStep: "Attendez quelques minutes, puis réessayez.",
    },
    "browser-too-old": {
      title: "Ce téléphone est trop ancien pour l’appel vidéo",
      detail:
        "Le programme qui affiche cette page ne permet pas les appels vidéo. Votre lien reste valable.",
      nextStep:
        "Mettez à jour Chrome et Android System WebView dans le Play Store, ou iOS dans les réglages. Ou ouvrez la consultation sur un autre téléphone ou ordinateur.",
    },
    "not-prefetched": {
      title: "Pas encore ouverte",
      detail: "Une consultation s’ouvre quand une personne l’ouvre, pas dans un aperçu.",
      nextStep: "Touchez le lien pour ouvrir votre consultation.",
    },
  },
};
