"""The CloudFormation template of the role by which the management account may approve in a member account.

It holds no external id: that is a parameter, which CloudFormation doesn't show.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from aws_org_features.views.iam_policies import DEFAULT_ROLE_NAME, policy_for

if TYPE_CHECKING:
    from aws_org_features.views.approval_kit.values import Request

_TEMPLATE = """\
AWSTemplateFormatVersion: '2010-09-09'
Description: >-
  Lets the management account {management} of organization {organization} approve on behalf of this account
  that the organization gets all features, and do nothing else. To be deleted once that is done.

Parameters:
  RoleName:
    Description: The role's name, which the management account must know.
    Type: String
    Default: {role_name}
    AllowedPattern: '[A-Za-z0-9_+=,.@-]{{1,64}}'
  TrustedPrincipalArn:
    Description: Who may assume the role; by default everyone whom the management account allows to.
    Type: String
    Default: arn:{partition}:iam::{management}:root
    AllowedPattern: 'arn:{partition}:iam::{management}:(root|(role|user)/[A-Za-z0-9_+=,.@/-]+)'
    ConstraintDescription: a principal of the management account {management}
  ExternalId:
    Description: What has to be given to assume the role, if anything.
    Type: String
    NoEcho: true
    Default: ''
    AllowedPattern: '([A-Za-z0-9_+=,.@:/-]{{2,1224}})?'

Conditions:
  AsksForExternalId: !Not [!Equals [!Ref ExternalId, '']]

Resources:
  ApproverRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Description: Approves all features of {organization} for {management}; to be deleted afterwards
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Sid: LetTheManagementAccountIn
          Effect: Allow
          Principal:
            AWS: !Ref TrustedPrincipalArn
          Action: sts:AssumeRole
          Condition: !If
          - AsksForExternalId
          - StringEquals:
              sts:ExternalId: !Ref ExternalId
          - !Ref AWS::NoValue
      Policies:
      - PolicyName: approve-all-features
        PolicyDocument:
{policy}

Outputs:
  RoleArn:
    Description: What the management account assumes.
    Value: !GetAtt ApproverRole.Arn
"""


def template(request: Request) -> str:
    """The template, in YAML: one for the organization, deployable in any of its member accounts."""
    import yaml  # noqa: PLC0415 - the command line's, which the rest of the core does without

    policy = policy_for(
        "member",
        partition=request.partition,
        organization_id=request.organization_id,
        management_account_id=request.management_account_id,
    )
    return _TEMPLATE.format(
        management=request.management_account_id,
        organization=request.organization_id,
        partition=request.partition,
        role_name=DEFAULT_ROLE_NAME,
        policy=textwrap.indent(yaml.safe_dump(policy, sort_keys=False, width=200).rstrip(), " " * 10),
    )
