"""What python-docx reads of a paper, and whether compliance-trestle takes OSCAL: files of the command line, JSON on standard output."""
import json
import sys
from pathlib import Path

kind, path = sys.argv[1:]
if kind == "docx":
    import docx

    document = docx.Document(path)
    notes = next(part for part in document.part.package.iter_parts() if str(part.partname) == "/word/footnotes.xml")
    properties = document.core_properties
    print(
        json.dumps(
            {
                "title": properties.title,
                "created": properties.created.isoformat(),
                "headings": [each.text for each in document.paragraphs if each.style.name.startswith("Heading")],
                "highlighted": sum(1 for each in document.paragraphs for run in each.runs if run.font.highlight_color is not None and run.bold),
                "references": sum(len(each._p.xpath(".//w:footnoteReference")) for each in document.paragraphs),
                "footnotes": notes.blob.count(b"<w:footnote ") - 2,
            }
        )
    )
else:
    from trestle.oscal.assessment_results import AssessmentResults

    results = AssessmentResults.oscal_read(Path(path))
    print(json.dumps({"observations": sum(len(each.observations) for each in results.results), "findings": sum(len(each.findings or []) for each in results.results)}))
