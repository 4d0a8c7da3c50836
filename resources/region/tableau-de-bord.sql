-- Un tableau de bord de la région : une question par carte, à coller dans Metabase (« Requête SQL ») ou Superset (SQL Lab).
-- Chaque titre est suivi du dessin conseillé. Tout se lit avec le rôle qpvdesk_lecture.
-- Rien ne s’additionne d’une échelle à l’autre, et aucun pourcentage n’est moyenné : chaque compte est à côté de son tout.

-- Contrats, le plus en retard d’abord · tableau
SELECT nom_contrat, departement, count(*) AS objectifs,
    count(*) FILTER (WHERE groupe = 'a_traiter') AS a_traiter,
    count(*) FILTER (WHERE groupe = 'a_renseigner') AS a_renseigner
FROM qpvdesk.derniere_evaluation
WHERE NOT fictif AND groupe IS NOT NULL
GROUP BY contrat, nom_contrat, departement
ORDER BY count(*) FILTER (WHERE groupe = 'a_traiter')::float / count(*) DESC, nom_contrat;

-- À traiter, par partenaire et par échelle · tableau croisé
SELECT nom_contrat, partenaire, echelle, a_traiter, objectifs
FROM qpvdesk.retards_par_partenaire
ORDER BY partenaire, echelle, nom_contrat;

-- Part à traiter : médiane, avec son nombre de contrats · nombre
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY part) AS mediane, count(*) AS contrats
FROM (
    SELECT count(*) FILTER (WHERE groupe = 'a_traiter')::float / count(*) AS part
    FROM qpvdesk.derniere_evaluation
    WHERE NOT fictif AND groupe IS NOT NULL
    GROUP BY contrat
) AS parts;

-- Le même objectif dans plusieurs contrats · tableau
SELECT libelle, partenaire, echelle, unite, nom_contrat, valeur_actuelle, date_valeur, valeur_cible, statut
FROM (
    SELECT *, count(*) OVER (PARTITION BY partenaire, territoire, lower(libelle), unite) AS contrats
    FROM qpvdesk.derniere_evaluation
    WHERE NOT fictif AND groupe IS NOT NULL
) AS suivis
WHERE contrats > 1
ORDER BY libelle, nom_contrat;

-- Qui n’a pas répondu · barres
SELECT nom_contrat, partenaire, count(*) AS a_demander
FROM qpvdesk.derniere_evaluation
WHERE NOT fictif AND a_demander
GROUP BY nom_contrat, partenaire
ORDER BY count(*) DESC, nom_contrat;

-- Évolution : objectifs à traiter à chaque fin de mois, contrat par contrat · courbes
SELECT e.date_etat, c.nom AS nom_contrat, count(*) AS objectifs,
    count(*) FILTER (WHERE e.groupe = 'a_traiter') AS a_traiter
FROM qpvdesk.evaluation e JOIN qpvdesk.contrat c USING (contrat)
WHERE NOT c.fictif AND e.groupe IS NOT NULL
GROUP BY e.date_etat, c.nom
ORDER BY e.date_etat, c.nom;

-- Décisions échues · tableau
SELECT nom_contrat, decision, porteur, echeance
FROM qpvdesk.decision_en_retard
ORDER BY echeance, nom_contrat;

-- Points d’attention qui attendent · tableau
SELECT c.nom AS nom_contrat, p.titre, p.objet, p.message, p.remede
FROM qpvdesk.point_attention p JOIN qpvdesk.contrat c USING (contrat)
WHERE NOT c.fictif AND NOT p.pris_en_compte AND p.nature IS NULL
    AND p.date_etat = (SELECT max(d.date_etat) FROM qpvdesk.point_attention d WHERE d.contrat = p.contrat)
ORDER BY c.nom, p.titre;
